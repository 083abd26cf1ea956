-- +goose Up

-- Statements of what happened to the licenses of a group in a month. They begin with this version.
CREATE TABLE statement_month (
    month    TEXT PRIMARY KEY, -- 2027-01
    begun_at DATETIME NOT NULL,         -- business clock
    ended_at DATETIME                   -- when all of its statements were closed
);

CREATE TABLE statement (
    id         TEXT PRIMARY KEY,
    group_id   TEXT NOT NULL REFERENCES org_group (id),
    group_code TEXT NOT NULL,
    group_name TEXT NOT NULL, -- as it was when it was closed
    month      TEXT NOT NULL,
    closed_at  DATETIME NOT NULL,      -- business clock
    entries    BIGINT NOT NULL,
    sums       TEXT NOT NULL, -- JSON: []licensing.Money
    hash       TEXT NOT NULL,
    UNIQUE (group_id, month)
);
CREATE INDEX statement_by_month ON statement (month, group_id);

CREATE TABLE statement_entry (
    id           TEXT PRIMARY KEY,
    group_id     TEXT NOT NULL REFERENCES org_group (id),
    key          TEXT NOT NULL UNIQUE,
    on_day       TEXT NOT NULL,
    month        TEXT NOT NULL, -- of that day
    amount_minor BIGINT NOT NULL,           -- 0 without a charge
    currency     TEXT NOT NULL, -- '' without
    content      TEXT NOT NULL, -- JSON: licensing.StatementEntry
    recorded_at  DATETIME NOT NULL,      -- business clock
    statement_id TEXT REFERENCES statement (id)
);
CREATE INDEX statement_entry_in ON statement_entry (statement_id, on_day, id) WHERE statement_id IS NOT NULL;
CREATE INDEX statement_entry_open ON statement_entry (group_id, on_day, id) WHERE statement_id IS NULL;
CREATE INDEX statement_entry_oldest ON statement_entry (on_day) WHERE statement_id IS NULL;

-- +goose Down
DROP TABLE statement_entry;
DROP TABLE statement;
DROP TABLE statement_month;
