-- +goose Up

-- Text keys compare by bytes (COLLATE "C"), as on SQLite; people's text is searched on folded columns.

CREATE TABLE org_group (
    id         TEXT COLLATE "C" PRIMARY KEY,
    parent_id  TEXT COLLATE "C" REFERENCES org_group (id),
    code       TEXT COLLATE "C" NOT NULL UNIQUE,
    name       TEXT COLLATE "C" NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX org_group_parent ON org_group (parent_id);

CREATE TABLE account (
    id            TEXT COLLATE "C" PRIMARY KEY,
    email         TEXT COLLATE "C" NOT NULL UNIQUE, -- folded to lower case
    name          TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL,        -- argon2id; '' for a service account
    created_at    TIMESTAMPTZ NOT NULL
);

CREATE TABLE membership (
    id         TEXT COLLATE "C" PRIMARY KEY,
    account_id TEXT COLLATE "C" NOT NULL REFERENCES account (id),
    group_id   TEXT COLLATE "C" NOT NULL REFERENCES org_group (id),
    role       TEXT COLLATE "C" NOT NULL CHECK (role IN ('admin', 'member', 'service')),
    suspended  BOOLEAN NOT NULL DEFAULT FALSE,
    secret     BYTEA,                               -- sealed; of a service account
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (account_id, group_id)
);
CREATE INDEX membership_group ON membership (group_id);

CREATE TABLE login_failure (
    key      TEXT COLLATE "C" PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at  TIMESTAMPTZ NOT NULL
);

CREATE TABLE nonce (
    nonce      TEXT COLLATE "C" PRIMARY KEY,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX nonce_expiry ON nonce (expires_at);

-- The policy: lines that casbin decides on, and what changed when, so that other processes can drop kept answers.
CREATE TABLE permission (
    id         TEXT COLLATE "C" PRIMARY KEY,
    who        TEXT COLLATE "C" NOT NULL,
    category   TEXT COLLATE "C" NOT NULL,
    action     TEXT COLLATE "C" NOT NULL,
    given_by   TEXT COLLATE "C" REFERENCES membership (id),
    under_id   TEXT COLLATE "C" REFERENCES permission (id),
    created_at TIMESTAMPTZ NOT NULL,
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
    subject TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (version, subject)
);

CREATE TABLE category (
    id          TEXT COLLATE "C" PRIMARY KEY,
    code        TEXT COLLATE "C" NOT NULL UNIQUE,
    name        TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    position    BIGINT NOT NULL
);

CREATE TABLE product (
    id             TEXT COLLATE "C" PRIMARY KEY,
    code           TEXT COLLATE "C" NOT NULL UNIQUE,
    name           TEXT COLLATE "C" NOT NULL,
    subtitle       TEXT COLLATE "C" NOT NULL,
    kind           TEXT COLLATE "C" NOT NULL,
    file_form      TEXT COLLATE "C" NOT NULL,
    parameters     TEXT COLLATE "C" NOT NULL, -- JSON: []licensing.Parameter
    plan           TEXT COLLATE "C" NOT NULL, -- JSON: licensing.Plan; '' without
    price_minor    BIGINT,
    price_currency TEXT COLLATE "C"
);

CREATE TABLE offer (
    id          TEXT COLLATE "C" PRIMARY KEY,
    category_id TEXT COLLATE "C" NOT NULL REFERENCES category (id),
    product_id  TEXT COLLATE "C" NOT NULL REFERENCES product (id),
    position    BIGINT NOT NULL,
    rules       TEXT COLLATE "C" NOT NULL,    -- JSON: map[string]licensing.Rule
    UNIQUE (category_id, product_id)
);

CREATE TABLE data_field (
    name        TEXT COLLATE "C" NOT NULL,
    category_id TEXT COLLATE "C" NOT NULL,    -- '' for all categories
    type        TEXT COLLATE "C" NOT NULL,
    label       TEXT COLLATE "C" NOT NULL,
    help        TEXT COLLATE "C" NOT NULL,
    rule        TEXT COLLATE "C" NOT NULL,    -- JSON: licensing.Rule
    hidden      BOOLEAN NOT NULL,
    position    BIGINT NOT NULL,
    PRIMARY KEY (category_id, name)
);

CREATE TABLE customer (
    id         TEXT COLLATE "C" PRIMARY KEY,
    group_id   TEXT COLLATE "C" NOT NULL REFERENCES org_group (id),
    match_key  TEXT COLLATE "C" NOT NULL,     -- what makes two customers of a group the same one
    particulars TEXT COLLATE "C" NOT NULL,    -- JSON: licensing.Customer
    search     TEXT COLLATE "C" NOT NULL,     -- folded
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (group_id, match_key)
);

CREATE TABLE customer_order (
    seq         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id          TEXT COLLATE "C" NOT NULL UNIQUE,
    group_id    TEXT COLLATE "C" NOT NULL REFERENCES org_group (id),
    customer_id TEXT COLLATE "C" NOT NULL REFERENCES customer (id),
    customer    TEXT COLLATE "C" NOT NULL,    -- JSON: licensing.Customer, as it was when ordered
    data_fields TEXT COLLATE "C" NOT NULL,    -- JSON: []licensing.Value
    search      TEXT COLLATE "C" NOT NULL,    -- folded; without the number, which is made of seq
    test        BOOLEAN NOT NULL,
    created_by  TEXT COLLATE "C" REFERENCES membership (id),
    created_day TEXT COLLATE "C" NOT NULL,    -- in the ISV's zone; its year stands in the order number
    created_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX customer_order_group ON customer_order (group_id, seq);

CREATE TABLE order_line (
    id             TEXT COLLATE "C" PRIMARY KEY,
    order_id       TEXT COLLATE "C" NOT NULL REFERENCES customer_order (id),
    position       BIGINT NOT NULL,
    external_line  TEXT COLLATE "C" NOT NULL,
    category_id    TEXT COLLATE "C" NOT NULL REFERENCES category (id),
    product_id     TEXT COLLATE "C" NOT NULL REFERENCES product (id),
    product_name   TEXT COLLATE "C" NOT NULL,
    quantity       BIGINT NOT NULL,
    unit_minor     BIGINT,
    units          BIGINT NOT NULL,
    amount_minor   BIGINT,
    currency       TEXT COLLATE "C",
    UNIQUE (order_id, position)
);

CREATE TABLE license (
    id                TEXT COLLATE "C" PRIMARY KEY,
    ticket            TEXT COLLATE "C" NOT NULL UNIQUE,
    order_id          TEXT COLLATE "C" NOT NULL REFERENCES customer_order (id),
    line_id           TEXT COLLATE "C" NOT NULL REFERENCES order_line (id),
    group_id          TEXT COLLATE "C" NOT NULL REFERENCES org_group (id),
    category_id       TEXT COLLATE "C" NOT NULL REFERENCES category (id),
    product_id        TEXT COLLATE "C" NOT NULL REFERENCES product (id),
    product_name      TEXT COLLATE "C" NOT NULL,
    quantity          BIGINT NOT NULL,
    state             TEXT COLLATE "C" NOT NULL,
    created_day       TEXT COLLATE "C" NOT NULL, -- in the ISV's zone
    created_at        TIMESTAMPTZ NOT NULL,
    expires_at        TIMESTAMPTZ,
    maintenance_until TEXT COLLATE "C" NOT NULL, -- a day, '' for none
    parameters        TEXT COLLATE "C" NOT NULL, -- JSON: []licensing.Value
    search            TEXT COLLATE "C" NOT NULL, -- folded
    version           BIGINT NOT NULL
);
CREATE INDEX license_order ON license (order_id);
CREATE INDEX license_group ON license (group_id, id);

CREATE TABLE license_file (
    license_id TEXT COLLATE "C" NOT NULL REFERENCES license (id),
    number     BIGINT NOT NULL,
    content    TEXT COLLATE "C" NOT NULL,
    issued_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (license_id, number)
);

CREATE TABLE subscription (
    id           TEXT COLLATE "C" PRIMARY KEY,
    license_id   TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES license (id),
    plan         TEXT COLLATE "C" NOT NULL,   -- JSON: licensing.Plan, as it was when sold
    state        TEXT COLLATE "C" NOT NULL,
    last_number  BIGINT NOT NULL,             -- the last period's, as the following three; period keeps them all
    last_start   TEXT COLLATE "C" NOT NULL,
    last_end     TEXT COLLATE "C" NOT NULL,
    cancel_by    TEXT COLLATE "C" NOT NULL,
    due_at       TIMESTAMPTZ,                 -- when the clock next changes it; NULL when it has ended
    cancelled_at TIMESTAMPTZ,
    version      BIGINT NOT NULL
);
CREATE INDEX subscription_due ON subscription (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE period (
    subscription_id TEXT COLLATE "C" NOT NULL REFERENCES subscription (id),
    number          BIGINT NOT NULL,
    start_date      TEXT COLLATE "C" NOT NULL,
    end_date        TEXT COLLATE "C" NOT NULL,
    cancel_by       TEXT COLLATE "C" NOT NULL,
    outcome         TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (subscription_id, number)
);

CREATE TABLE message (
    id              TEXT COLLATE "C" PRIMARY KEY,
    connector       TEXT COLLATE "C" NOT NULL,
    kind            TEXT COLLATE "C" NOT NULL,
    key             TEXT COLLATE "C" NOT NULL,
    order_id        TEXT COLLATE "C" NOT NULL REFERENCES customer_order (id),
    content         TEXT COLLATE "C" NOT NULL, -- JSON: licensing.Content
    state           TEXT COLLATE "C" NOT NULL,
    attempts        BIGINT NOT NULL,
    next_try        TIMESTAMPTZ NOT NULL,
    last_error      TEXT COLLATE "C" NOT NULL,
    document_number TEXT COLLATE "C" NOT NULL,
    created_at      TIMESTAMPTZ NOT NULL,
    updated_at      TIMESTAMPTZ NOT NULL,
    UNIQUE (connector, key)
);
CREATE INDEX message_order ON message (order_id);
CREATE INDEX message_open ON message (next_try) WHERE state IN ('waiting', 'sent');

CREATE TABLE message_try (
    message_id TEXT COLLATE "C" NOT NULL REFERENCES message (id),
    number     BIGINT NOT NULL,
    at         TIMESTAMPTZ NOT NULL,
    took_ms    BIGINT NOT NULL,
    state      TEXT COLLATE "C" NOT NULL,
    said       TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (message_id, number)
);

CREATE TABLE request (
    account     TEXT COLLATE "C" NOT NULL,    -- the membership that asked
    id          TEXT COLLATE "C" NOT NULL,
    fingerprint BYTEA NOT NULL,
    answer      BYTEA,                        -- sealed
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account, id)
);

CREATE TABLE audit (
    id          TEXT COLLATE "C" PRIMARY KEY, -- UUIDv7: in order of time
    at          TIMESTAMPTZ NOT NULL,         -- business clock
    wall_at     TIMESTAMPTZ NOT NULL,
    by_id       TEXT COLLATE "C" NOT NULL,    -- membership; '' for the scheduler
    by_name     TEXT COLLATE "C" NOT NULL,
    by_group    TEXT COLLATE "C" NOT NULL,
    via         TEXT COLLATE "C" NOT NULL,
    remote      TEXT COLLATE "C" NOT NULL,
    action      TEXT COLLATE "C" NOT NULL,
    object      TEXT COLLATE "C" NOT NULL,    -- what it is about: an id
    parent      TEXT COLLATE "C" NOT NULL,    -- what that belongs to: the order of a license
    request_id  TEXT COLLATE "C" NOT NULL,
    detail      TEXT COLLATE "C" NOT NULL     -- JSON: []licensing.Value
);
CREATE INDEX audit_object ON audit (object);

CREATE TABLE setting (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE sessions (
    token  TEXT COLLATE "C" PRIMARY KEY,
    data   BYTEA NOT NULL,
    expiry TIMESTAMPTZ NOT NULL
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
DROP TABLE sessions, setting, audit, request, message_try, message, period, subscription, license_file, license,
    order_line, customer_order, customer, data_field, offer, product, category, policy_change, policy_version,
    permission, nonce, login_failure, membership, account, org_group;
