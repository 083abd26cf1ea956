-- +goose Up

-- Statements of what happened to the licenses of a group in a month. They begin with this version.
CREATE TABLE statement_month (
    month    TEXT COLLATE "C" PRIMARY KEY, -- 2027-01
    begun_at TIMESTAMPTZ NOT NULL,         -- business clock
    ended_at TIMESTAMPTZ                   -- when all of its statements were closed
);

CREATE TABLE statement (
    id         TEXT COLLATE "C" PRIMARY KEY,
    group_id   TEXT COLLATE "C" NOT NULL REFERENCES org_group (id),
    group_code TEXT COLLATE "C" NOT NULL,
    group_name TEXT COLLATE "C" NOT NULL, -- as it was when it was closed
    month      TEXT COLLATE "C" NOT NULL,
    closed_at  TIMESTAMPTZ NOT NULL,      -- business clock
    entries    BIGINT NOT NULL,
    sums       TEXT COLLATE "C" NOT NULL, -- JSON: []licensing.Money
    hash       TEXT COLLATE "C" NOT NULL,
    UNIQUE (group_id, month)
);
CREATE INDEX statement_by_month ON statement (month, group_id);

CREATE TABLE statement_entry (
    id           TEXT COLLATE "C" PRIMARY KEY,
    group_id     TEXT COLLATE "C" NOT NULL REFERENCES org_group (id),
    key          TEXT COLLATE "C" NOT NULL UNIQUE,
    on_day       TEXT COLLATE "C" NOT NULL,
    month        TEXT COLLATE "C" NOT NULL, -- of that day
    amount_minor BIGINT NOT NULL,           -- 0 without a charge
    currency     TEXT COLLATE "C" NOT NULL, -- '' without
    content      TEXT COLLATE "C" NOT NULL, -- JSON: licensing.StatementEntry
    recorded_at  TIMESTAMPTZ NOT NULL,      -- business clock
    statement_id TEXT COLLATE "C" REFERENCES statement (id)
);
CREATE INDEX statement_entry_in ON statement_entry (statement_id, on_day, id) WHERE statement_id IS NOT NULL;
CREATE INDEX statement_entry_open ON statement_entry (group_id, on_day, id) WHERE statement_id IS NULL;
CREATE INDEX statement_entry_oldest ON statement_entry (on_day) WHERE statement_id IS NULL;

-- +goose Down
DROP TABLE statement_entry;
DROP TABLE statement;
DROP TABLE statement_month;
