-- +goose Up

-- What happened to orders, licenses and subscriptions, for other systems that follow. A row is written with the change that
-- it tells of, without a number; afterwards rows get their numbers in one place, one transaction after the other
-- (change_head), so that whoever has read up to a number has missed nothing: what commits late gets a later one.
CREATE TABLE change_entry (
    seq           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- changes of one license come in this order; it is no place to read from
    number        BIGINT UNIQUE,                         -- the place in the feed, without gaps; NULL until it has one
    mark          TEXT COLLATE "C" NOT NULL,             -- random, tells a cursor of this database from one of another
    at            TIMESTAMPTZ NOT NULL,                  -- business clock
    kind          TEXT COLLATE "C" NOT NULL,
    group_id      TEXT COLLATE "C" NOT NULL REFERENCES org_group (id), -- that owned it then
    from_group_id TEXT COLLATE "C" NOT NULL,             -- that owned it before; '' unless it was moved
    order_number  TEXT COLLATE "C" NOT NULL,
    ticket        TEXT COLLATE "C" NOT NULL              -- '' for what is about the order
);
CREATE INDEX change_entry_waiting ON change_entry (seq) WHERE number IS NULL;

CREATE TABLE change_head (
    last BIGINT NOT NULL -- the newest number; one row, which is locked while numbers are given
);
INSERT INTO change_head (last) VALUES (0);

-- +goose Down
DROP TABLE change_entry;
DROP TABLE change_head;
