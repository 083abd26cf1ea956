-- +goose Up

CREATE TABLE org_group (
    id         TEXT PRIMARY KEY,
    parent_id  TEXT REFERENCES org_group (id),
    code       TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    created_at DATETIME NOT NULL
);
CREATE INDEX org_group_parent ON org_group (parent_id);

CREATE TABLE account (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE, -- folded to lower case
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,        -- argon2id; '' for a service account
    created_at    DATETIME NOT NULL
);

CREATE TABLE membership (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    group_id   TEXT NOT NULL REFERENCES org_group (id),
    role       TEXT NOT NULL CHECK (role IN ('admin', 'member', 'service')),
    suspended  BOOLEAN NOT NULL DEFAULT FALSE,
    secret     BLOB,                               -- sealed; of a service account
    created_at DATETIME NOT NULL,
    UNIQUE (account_id, group_id)
);
CREATE INDEX membership_group ON membership (group_id);

CREATE TABLE login_failure (
    key      TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at  DATETIME NOT NULL
);

CREATE TABLE nonce (
    nonce      TEXT PRIMARY KEY,
    expires_at DATETIME NOT NULL
);
CREATE INDEX nonce_expiry ON nonce (expires_at);

-- The policy: lines that casbin decides on, and what changed when, so that other processes can drop kept answers.
CREATE TABLE permission (
    id         TEXT PRIMARY KEY,
    who        TEXT NOT NULL,
    category   TEXT NOT NULL,
    action     TEXT NOT NULL,
    given_by   TEXT REFERENCES membership (id),
    under_id   TEXT REFERENCES permission (id),
    created_at DATETIME NOT NULL,
    UNIQUE (who, category, action, given_by)
);
CREATE INDEX permission_under ON permission (under_id);
CREATE TABLE policy_version (
    one     BIGINT PRIMARY KEY CHECK (one = 1),
    version BIGINT NOT NULL
);
INSERT INTO policy_version (one, version) VALUES (1, 1);
CREATE TABLE policy_change (
    version BIGINT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (version, subject)
);

CREATE TABLE category (
    id          TEXT PRIMARY KEY,
    code        TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    position    BIGINT NOT NULL
);

CREATE TABLE product (
    id             TEXT PRIMARY KEY,
    code           TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    subtitle       TEXT NOT NULL,
    kind           TEXT NOT NULL,
    file_form      TEXT NOT NULL,
    parameters     TEXT NOT NULL, -- JSON: []licensing.Parameter
    plan           TEXT NOT NULL, -- JSON: licensing.Plan; '' without
    price_minor    BIGINT,
    price_currency TEXT
);

CREATE TABLE offer (
    id          TEXT PRIMARY KEY,
    category_id TEXT NOT NULL REFERENCES category (id),
    product_id  TEXT NOT NULL REFERENCES product (id),
    position    BIGINT NOT NULL,
    rules       TEXT NOT NULL,    -- JSON: map[string]licensing.Rule
    UNIQUE (category_id, product_id)
);

CREATE TABLE data_field (
    name        TEXT NOT NULL,
    category_id TEXT NOT NULL,    -- '' for all categories
    type        TEXT NOT NULL,
    label       TEXT NOT NULL,
    help        TEXT NOT NULL,
    rule        TEXT NOT NULL,    -- JSON: licensing.Rule
    hidden      BOOLEAN NOT NULL,
    position    BIGINT NOT NULL,
    PRIMARY KEY (category_id, name)
);

CREATE TABLE customer (
    id         TEXT PRIMARY KEY,
    group_id   TEXT NOT NULL REFERENCES org_group (id),
    match_key  TEXT NOT NULL,     -- what makes two customers of a group the same one
    particulars TEXT NOT NULL,    -- JSON: licensing.Customer
    search     TEXT NOT NULL,     -- folded
    created_at DATETIME NOT NULL,
    UNIQUE (group_id, match_key)
);

CREATE TABLE customer_order (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,
    group_id    TEXT NOT NULL REFERENCES org_group (id),
    customer_id TEXT NOT NULL REFERENCES customer (id),
    customer    TEXT NOT NULL,    -- JSON: licensing.Customer, as it was when ordered
    data_fields TEXT NOT NULL,    -- JSON: []licensing.Value
    search      TEXT NOT NULL,    -- folded; without the number, which is made of seq
    test        BOOLEAN NOT NULL,
    created_by  TEXT REFERENCES membership (id),
    created_day TEXT NOT NULL,    -- in the ISV's zone; its year stands in the order number
    created_at  DATETIME NOT NULL
);
CREATE INDEX customer_order_group ON customer_order (group_id, seq);

CREATE TABLE order_line (
    id             TEXT PRIMARY KEY,
    order_id       TEXT NOT NULL REFERENCES customer_order (id),
    position       BIGINT NOT NULL,
    external_line  TEXT NOT NULL,
    category_id    TEXT NOT NULL REFERENCES category (id),
    product_id     TEXT NOT NULL REFERENCES product (id),
    product_name   TEXT NOT NULL,
    quantity       BIGINT NOT NULL,
    unit_minor     BIGINT,
    units          BIGINT NOT NULL,
    amount_minor   BIGINT,
    currency       TEXT,
    UNIQUE (order_id, position)
);

CREATE TABLE license (
    id                TEXT PRIMARY KEY,
    ticket            TEXT NOT NULL UNIQUE,
    order_id          TEXT NOT NULL REFERENCES customer_order (id),
    line_id           TEXT NOT NULL REFERENCES order_line (id),
    group_id          TEXT NOT NULL REFERENCES org_group (id),
    category_id       TEXT NOT NULL REFERENCES category (id),
    product_id        TEXT NOT NULL REFERENCES product (id),
    product_name      TEXT NOT NULL,
    quantity          BIGINT NOT NULL,
    state             TEXT NOT NULL,
    created_day       TEXT NOT NULL, -- in the ISV's zone
    created_at        DATETIME NOT NULL,
    expires_at        DATETIME,
    maintenance_until TEXT NOT NULL, -- a day, '' for none
    parameters        TEXT NOT NULL, -- JSON: []licensing.Value
    search            TEXT NOT NULL, -- folded
    version           BIGINT NOT NULL
);
CREATE INDEX license_order ON license (order_id);
CREATE INDEX license_group ON license (group_id, id);

CREATE TABLE license_file (
    license_id TEXT NOT NULL REFERENCES license (id),
    number     BIGINT NOT NULL,
    content    TEXT NOT NULL,
    issued_at  DATETIME NOT NULL,
    PRIMARY KEY (license_id, number)
);

CREATE TABLE subscription (
    id           TEXT PRIMARY KEY,
    license_id   TEXT NOT NULL UNIQUE REFERENCES license (id),
    plan         TEXT NOT NULL,   -- JSON: licensing.Plan, as it was when sold
    state        TEXT NOT NULL,
    last_number  BIGINT NOT NULL,             -- the last period's, as the following three; period keeps them all
    last_start   TEXT NOT NULL,
    last_end     TEXT NOT NULL,
    cancel_by    TEXT NOT NULL,
    due_at       DATETIME,                 -- when the clock next changes it; NULL when it has ended
    cancelled_at DATETIME,
    version      BIGINT NOT NULL
);
CREATE INDEX subscription_due ON subscription (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE period (
    subscription_id TEXT NOT NULL REFERENCES subscription (id),
    number          BIGINT NOT NULL,
    start_date      TEXT NOT NULL,
    end_date        TEXT NOT NULL,
    cancel_by       TEXT NOT NULL,
    outcome         TEXT NOT NULL,
    PRIMARY KEY (subscription_id, number)
);

CREATE TABLE message (
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
CREATE INDEX message_order ON message (order_id);
CREATE INDEX message_open ON message (next_try) WHERE state IN ('waiting', 'sent');

CREATE TABLE message_try (
    message_id TEXT NOT NULL REFERENCES message (id),
    number     BIGINT NOT NULL,
    at         DATETIME NOT NULL,
    took_ms    BIGINT NOT NULL,
    state      TEXT NOT NULL,
    said       TEXT NOT NULL,
    PRIMARY KEY (message_id, number)
);

CREATE TABLE request (
    account     TEXT NOT NULL,    -- the membership that asked
    id          TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    answer      BLOB,                        -- sealed
    created_at  DATETIME NOT NULL,
    PRIMARY KEY (account, id)
);

CREATE TABLE audit (
    id          TEXT PRIMARY KEY, -- UUIDv7: in order of time
    at          DATETIME NOT NULL,         -- business clock
    wall_at     DATETIME NOT NULL,
    by_id       TEXT NOT NULL,    -- membership; '' for the scheduler
    by_name     TEXT NOT NULL,
    by_group    TEXT NOT NULL,
    via         TEXT NOT NULL,
    remote      TEXT NOT NULL,
    action      TEXT NOT NULL,
    object      TEXT NOT NULL,    -- what it is about: an id
    parent      TEXT NOT NULL,    -- what that belongs to: the order of a license
    request_id  TEXT NOT NULL,
    detail      TEXT NOT NULL     -- JSON: []licensing.Value
);
CREATE INDEX audit_object ON audit (object);

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE sessions (
    token  TEXT PRIMARY KEY,
    data   BLOB NOT NULL,
    expiry REAL NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expiry);

-- A membership with its names, for whoever shows or checks it.
CREATE VIEW membership_view AS
SELECT m.id, m.account_id, m.group_id, m.role, m.suspended, m.secret, m.created_at, a.email, a.name AS account_name,
    g.code AS group_code, g.name AS group_name, g.parent_id
FROM membership m
JOIN account a ON a.id = m.account_id
JOIN org_group g ON g.id = m.group_id;

-- An offer with everything that ordering it needs.
CREATE VIEW offer_view AS
SELECT o.id, o.rules, o.position, c.id AS category_id, c.code AS category_code, c.name AS category_name, c.description,
    c.position AS category_position, p.id AS product_id, p.code, p.name, p.subtitle, p.kind, p.file_form, p.parameters,
    p.plan, p.price_minor, p.price_currency
FROM offer o
JOIN category c ON c.id = o.category_id
JOIN product p ON p.id = o.product_id;

CREATE VIEW order_view AS
SELECT o.*, g.code AS group_code, g.name AS group_name, COALESCE(a.name, '') AS created_by_name
FROM customer_order o
JOIN org_group g ON g.id = o.group_id
LEFT JOIN membership m ON m.id = o.created_by
LEFT JOIN account a ON a.id = m.account_id;

-- Everything a reader of a license gets to see, with its newest file.
CREATE VIEW license_view AS
SELECT l.id, l.ticket, l.order_id, l.line_id, l.group_id, l.category_id, l.product_id, l.product_name, l.quantity,
    l.state, l.created_at, l.expires_at, l.maintenance_until, l.parameters, l.search, l.version,
    g.code AS group_code, g.name AS group_name, c.code AS category_code, c.name AS category_name,
    p.code AS product_code, p.file_form, p.kind AS product_kind, p.parameters AS definitions,
    o.seq AS order_seq, o.created_day AS order_day, o.customer, o.data_fields, o.test,
    f.content AS file, f.issued_at AS file_issued_at,
    s.id AS subscription_id, s.plan, s.state AS subscription_state, s.last_number, s.last_start, s.last_end,
    s.cancel_by, s.cancelled_at, s.version AS subscription_version
FROM license l
JOIN customer_order o ON o.id = l.order_id
JOIN org_group g ON g.id = l.group_id
JOIN category c ON c.id = l.category_id
JOIN product p ON p.id = l.product_id
LEFT JOIN subscription s ON s.license_id = l.id
LEFT JOIN license_file f ON f.license_id = l.id
    AND f.number = (SELECT MAX(n.number) FROM license_file n WHERE n.license_id = l.id);

-- +goose Down
DROP VIEW license_view;
DROP VIEW order_view;
DROP VIEW offer_view;
DROP VIEW membership_view;
DROP TABLE sessions;
DROP TABLE setting;
DROP TABLE audit;
DROP TABLE request;
DROP TABLE message_try;
DROP TABLE message;
DROP TABLE period;
DROP TABLE subscription;
DROP TABLE license_file;
DROP TABLE license;
DROP TABLE order_line;
DROP TABLE customer_order;
DROP TABLE customer;
DROP TABLE data_field;
DROP TABLE offer;
DROP TABLE product;
DROP TABLE category;
DROP TABLE policy_change;
DROP TABLE policy_version;
DROP TABLE permission;
DROP TABLE nonce;
DROP TABLE login_failure;
DROP TABLE membership;
DROP TABLE account;
DROP TABLE org_group;
