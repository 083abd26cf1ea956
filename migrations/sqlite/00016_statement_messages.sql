-- +goose Up

-- A message is about an order or about a closed statement. SQLite cannot take a NOT NULL away: the table is made anew, and
-- with it the one that refers to it.
CREATE TABLE new_message (
    id              TEXT PRIMARY KEY,
    connector       TEXT NOT NULL,
    kind            TEXT NOT NULL,
    key             TEXT NOT NULL,
    order_id        TEXT REFERENCES customer_order (id),
    content         TEXT NOT NULL, -- JSON: licensing.Content
    state           TEXT NOT NULL,
    attempts        BIGINT NOT NULL,
    next_try        DATETIME NOT NULL,
    last_error      TEXT NOT NULL,
    document_number TEXT NOT NULL,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL,
    statement_id    TEXT REFERENCES statement (id),
    UNIQUE (connector, key),
    CHECK ((order_id IS NULL) <> (statement_id IS NULL))
);
CREATE TABLE new_message_try (
    message_id TEXT NOT NULL REFERENCES new_message (id),
    number     BIGINT NOT NULL,
    at         DATETIME NOT NULL,
    took_ms    BIGINT NOT NULL,
    state      TEXT NOT NULL,
    said       TEXT NOT NULL,
    PRIMARY KEY (message_id, number)
);
INSERT INTO new_message (id, connector, kind, key, order_id, content, state, attempts, next_try, last_error, document_number, created_at, updated_at)
SELECT id, connector, kind, key, order_id, content, state, attempts, next_try, last_error, document_number, created_at, updated_at FROM message;
INSERT INTO new_message_try SELECT * FROM message_try;
DROP TABLE message_try;
DROP TABLE message;
ALTER TABLE new_message RENAME TO message;
ALTER TABLE new_message_try RENAME TO message_try;
CREATE INDEX message_order ON message (order_id);
CREATE INDEX message_open ON message (next_try) WHERE state IN ('waiting', 'sent');
CREATE INDEX message_statement ON message (statement_id) WHERE statement_id IS NOT NULL;
-- Every page shows what is not accepted yet: few among all.
CREATE INDEX message_not_accepted ON message (id) WHERE state <> 'accepted';

-- +goose Down
CREATE TABLE new_message (
    id              TEXT PRIMARY KEY,
    connector       TEXT NOT NULL,
    kind            TEXT NOT NULL,
    key             TEXT NOT NULL,
    order_id        TEXT NOT NULL REFERENCES customer_order (id),
    content         TEXT NOT NULL, -- JSON: licensing.Content
    state           TEXT NOT NULL,
    attempts        BIGINT NOT NULL,
    next_try        DATETIME NOT NULL,
    last_error      TEXT NOT NULL,
    document_number TEXT NOT NULL,
    created_at      DATETIME NOT NULL,
    updated_at      DATETIME NOT NULL,
    UNIQUE (connector, key)
);
CREATE TABLE new_message_try (
    message_id TEXT NOT NULL REFERENCES new_message (id),
    number     BIGINT NOT NULL,
    at         DATETIME NOT NULL,
    took_ms    BIGINT NOT NULL,
    state      TEXT NOT NULL,
    said       TEXT NOT NULL,
    PRIMARY KEY (message_id, number)
);
INSERT INTO new_message (id, connector, kind, key, order_id, content, state, attempts, next_try, last_error, document_number, created_at, updated_at)
SELECT id, connector, kind, key, order_id, content, state, attempts, next_try, last_error, document_number, created_at, updated_at FROM message WHERE order_id IS NOT NULL;
INSERT INTO new_message_try SELECT * FROM message_try WHERE message_id IN (SELECT id FROM new_message);
DROP TABLE message_try;
DROP TABLE message;
ALTER TABLE new_message RENAME TO message;
ALTER TABLE new_message_try RENAME TO message_try;
CREATE INDEX message_order ON message (order_id);
CREATE INDEX message_open ON message (next_try) WHERE state IN ('waiting', 'sent');
