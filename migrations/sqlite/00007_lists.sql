-- +goose Up

-- Lists in any order at any size: a row for each license, order and customer with what it is sorted and narrowed by, and
-- the words that it is found by. The store keeps them with every write, and fills them for what was there before.
CREATE TABLE license_list (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE REFERENCES license (id),
    group_id     TEXT NOT NULL,
    category_id  TEXT NOT NULL,
    product_id   TEXT NOT NULL,
    customer_id  TEXT NOT NULL,
    state        TEXT NOT NULL,     -- as stored
    subscription TEXT NOT NULL,     -- its state; '' without
    kind         TEXT NOT NULL,     -- of the product
    expires_at   DATETIME,
    changed_at   DATETIME,               -- by the business clock
    created_day  TEXT NOT NULL,     -- this and the following four are what the list is sorted by
    by_customer  TEXT NOT NULL,     -- folded
    by_ends      TEXT NOT NULL,     -- a day; '~' without
    by_cancel    TEXT NOT NULL,     -- a day; '~' without
    by_product   TEXT NOT NULL,     -- folded
    words        TEXT NOT NULL,     -- each between line breaks
    shown        TEXT NOT NULL      -- JSON: the rest of a row
);
CREATE INDEX license_list_created ON license_list (created_day, seq);
CREATE INDEX license_list_customer ON license_list (by_customer, seq);
CREATE INDEX license_list_ends ON license_list (by_ends, seq);
CREATE INDEX license_list_cancel ON license_list (by_cancel, seq);
CREATE INDEX license_list_product ON license_list (by_product, seq);
CREATE INDEX license_list_group_created ON license_list (group_id, created_day, seq);
CREATE INDEX license_list_group_customer ON license_list (group_id, by_customer, seq);
CREATE INDEX license_list_group_ends ON license_list (group_id, by_ends, seq);
CREATE INDEX license_list_group_cancel ON license_list (group_id, by_cancel, seq);
CREATE INDEX license_list_group_product ON license_list (group_id, by_product, seq);
CREATE INDEX license_list_of_customer ON license_list (customer_id);
CREATE INDEX license_list_of_product ON license_list (product_id);
CREATE INDEX license_list_of_category ON license_list (category_id);
CREATE INDEX license_list_changed ON license_list (changed_at);
CREATE INDEX license_list_seldom ON license_list (state) WHERE state <> 'active';

CREATE TABLE license_word (
    word TEXT NOT NULL,
    seq  BIGINT NOT NULL,
    PRIMARY KEY (word, seq)
) WITHOUT ROWID;

CREATE TABLE order_list (
    seq         INTEGER PRIMARY KEY REFERENCES customer_order (seq),
    id          TEXT NOT NULL UNIQUE,
    group_id    TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    created_day TEXT NOT NULL,
    by_customer TEXT NOT NULL,
    words       TEXT NOT NULL
);
CREATE INDEX order_list_created ON order_list (created_day, seq);
CREATE INDEX order_list_customer ON order_list (by_customer, seq);
CREATE INDEX order_list_group_created ON order_list (group_id, created_day, seq);
CREATE INDEX order_list_group_customer ON order_list (group_id, by_customer, seq);
CREATE INDEX order_list_of_customer ON order_list (customer_id);
CREATE INDEX order_line_product ON order_line (product_id, order_id);

CREATE TABLE order_word (
    word TEXT NOT NULL,
    seq  BIGINT NOT NULL,
    PRIMARY KEY (word, seq)
) WITHOUT ROWID;

CREATE INDEX customer_match ON customer (match_key);

CREATE TABLE customer_list (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE REFERENCES customer (id),
    group_id    TEXT NOT NULL,
    created_day TEXT NOT NULL,
    by_customer TEXT NOT NULL,
    words       TEXT NOT NULL
);
CREATE INDEX customer_list_created ON customer_list (created_day, seq);
CREATE INDEX customer_list_customer ON customer_list (by_customer, seq);
CREATE INDEX customer_list_group_created ON customer_list (group_id, created_day, seq);
CREATE INDEX customer_list_group_customer ON customer_list (group_id, by_customer, seq);

CREATE TABLE customer_word (
    word TEXT NOT NULL,
    seq  BIGINT NOT NULL,
    PRIMARY KEY (word, seq)
) WITHOUT ROWID;

CREATE TABLE export (
    id         TEXT PRIMARY KEY,
    owner      TEXT NOT NULL REFERENCES membership (id),
    list       TEXT NOT NULL,
    format     TEXT NOT NULL,
    filter     TEXT NOT NULL, -- JSON
    shape      TEXT NOT NULL, -- JSON: columns and words
    state      TEXT NOT NULL,
    run        BIGINT NOT NULL,
    done       BIGINT NOT NULL,
    total      BIGINT NOT NULL,
    size       BIGINT NOT NULL,
    group_ids  TEXT NOT NULL, -- JSON: ids of those whose rows are in it
    reason     TEXT NOT NULL,
    created_at DATETIME NOT NULL,      -- by the wall clock, as all of these
    begun_at   DATETIME,
    seen_at    DATETIME NOT NULL,      -- the last sign of life
    ended_at   DATETIME
);
CREATE INDEX export_owner ON export (owner, id);
CREATE INDEX export_open ON export (seen_at) WHERE state IN ('waiting', 'running');

CREATE TABLE export_chunk (
    export_id TEXT NOT NULL REFERENCES export (id),
    run       BIGINT NOT NULL,
    number    BIGINT NOT NULL,
    content   BLOB NOT NULL,
    PRIMARY KEY (export_id, run, number)
);

-- +goose Down
DROP TABLE export_chunk;
DROP TABLE export;
DROP TABLE customer_word;
DROP TABLE customer_list;
DROP TABLE order_word;
DROP TABLE order_list;
DROP TABLE license_word;
DROP TABLE license_list;
DROP INDEX order_line_product;
DROP INDEX customer_match;
