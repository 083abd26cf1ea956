-- +goose Up

-- What happened to orders, licenses and subscriptions, for other systems that follow. A row is written with the change that
-- it tells of, without a number; afterwards rows get their numbers in one place, one transaction after the other
-- (change_head), so that whoever has read up to a number has missed nothing: what commits late gets a later one.
CREATE TABLE change_entry (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT, -- changes of one license come in this order; it is no place to read from
    number        INTEGER UNIQUE,                         -- the place in the feed, without gaps; NULL until it has one
    mark          TEXT NOT NULL,             -- random, tells a cursor of this database from one of another
    at            DATETIME NOT NULL,                  -- business clock
    kind          TEXT NOT NULL,
    group_id      TEXT NOT NULL REFERENCES org_group (id), -- that owned it then
    from_group_id TEXT NOT NULL,             -- that owned it before; '' unless it was moved
    order_number  TEXT NOT NULL,
    ticket        TEXT NOT NULL              -- '' for what is about the order
);
CREATE INDEX change_entry_waiting ON change_entry (seq) WHERE number IS NULL;

CREATE TABLE change_head (
    last INTEGER NOT NULL -- the newest number; one row, which is locked while numbers are given
);
INSERT INTO change_head (last) VALUES (0);

-- +goose Down
DROP TABLE change_entry;
DROP TABLE change_head;
