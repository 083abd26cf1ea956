-- +goose Up

-- Lists in any order at any size: a row for each license, order and customer with what it is sorted and narrowed by, and
-- the words that it is found by. The store keeps them with every write, and fills them for what was there before.
CREATE TABLE license_list (
    seq          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES license (id),
    group_id     TEXT COLLATE "C" NOT NULL,
    category_id  TEXT COLLATE "C" NOT NULL,
    product_id   TEXT COLLATE "C" NOT NULL,
    customer_id  TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL,     -- as stored
    subscription TEXT COLLATE "C" NOT NULL,     -- its state; '' without
    kind         TEXT COLLATE "C" NOT NULL,     -- of the product
    expires_at   TIMESTAMPTZ,
    changed_at   TIMESTAMPTZ,               -- by the business clock
    created_day  TEXT COLLATE "C" NOT NULL,     -- this and the following four are what the list is sorted by
    by_customer  TEXT COLLATE "C" NOT NULL,     -- folded
    by_ends      TEXT COLLATE "C" NOT NULL,     -- a day; '~' without
    by_cancel    TEXT COLLATE "C" NOT NULL,     -- a day; '~' without
    by_product   TEXT COLLATE "C" NOT NULL,     -- folded
    words        TEXT COLLATE "C" NOT NULL,     -- each between line breaks
    shown        TEXT COLLATE "C" NOT NULL      -- JSON: the rest of a row
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
    word TEXT COLLATE "C" NOT NULL,
    seq  BIGINT NOT NULL,
    PRIMARY KEY (word, seq)
);

CREATE TABLE order_list (
    seq         BIGINT PRIMARY KEY REFERENCES customer_order (seq),
    id          TEXT COLLATE "C" NOT NULL UNIQUE,
    group_id    TEXT COLLATE "C" NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    created_day TEXT COLLATE "C" NOT NULL,
    by_customer TEXT COLLATE "C" NOT NULL,
    words       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX order_list_created ON order_list (created_day, seq);
CREATE INDEX order_list_customer ON order_list (by_customer, seq);
CREATE INDEX order_list_group_created ON order_list (group_id, created_day, seq);
CREATE INDEX order_list_group_customer ON order_list (group_id, by_customer, seq);
CREATE INDEX order_list_of_customer ON order_list (customer_id);
CREATE INDEX order_line_product ON order_line (product_id, order_id);

CREATE TABLE order_word (
    word TEXT COLLATE "C" NOT NULL,
    seq  BIGINT NOT NULL,
    PRIMARY KEY (word, seq)
);

CREATE INDEX customer_match ON customer (match_key);

CREATE TABLE customer_list (
    seq         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES customer (id),
    group_id    TEXT COLLATE "C" NOT NULL,
    created_day TEXT COLLATE "C" NOT NULL,
    by_customer TEXT COLLATE "C" NOT NULL,
    words       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX customer_list_created ON customer_list (created_day, seq);
CREATE INDEX customer_list_customer ON customer_list (by_customer, seq);
CREATE INDEX customer_list_group_created ON customer_list (group_id, created_day, seq);
CREATE INDEX customer_list_group_customer ON customer_list (group_id, by_customer, seq);

CREATE TABLE customer_word (
    word TEXT COLLATE "C" NOT NULL,
    seq  BIGINT NOT NULL,
    PRIMARY KEY (word, seq)
);

CREATE TABLE export (
    id         TEXT COLLATE "C" PRIMARY KEY,
    owner      TEXT COLLATE "C" NOT NULL REFERENCES membership (id),
    list       TEXT COLLATE "C" NOT NULL,
    format     TEXT COLLATE "C" NOT NULL,
    filter     TEXT COLLATE "C" NOT NULL, -- JSON
    shape      TEXT COLLATE "C" NOT NULL, -- JSON: columns and words
    state      TEXT COLLATE "C" NOT NULL,
    run        BIGINT NOT NULL,
    done       BIGINT NOT NULL,
    total      BIGINT NOT NULL,
    size       BIGINT NOT NULL,
    group_ids  TEXT COLLATE "C" NOT NULL, -- JSON: ids of those whose rows are in it
    reason     TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,      -- by the wall clock, as all of these
    begun_at   TIMESTAMPTZ,
    seen_at    TIMESTAMPTZ NOT NULL,      -- the last sign of life
    ended_at   TIMESTAMPTZ
);
CREATE INDEX export_owner ON export (owner, id);
CREATE INDEX export_open ON export (seen_at) WHERE state IN ('waiting', 'running');

CREATE TABLE export_chunk (
    export_id TEXT COLLATE "C" NOT NULL REFERENCES export (id),
    run       BIGINT NOT NULL,
    number    BIGINT NOT NULL,
    content   BYTEA NOT NULL,
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
