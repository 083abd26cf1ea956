-- +goose Up

-- What a period was charged. Those that exist take what their line says: no other price was told to anybody.
ALTER TABLE period ADD COLUMN units BIGINT NOT NULL DEFAULT 0; -- seats × quantity
ALTER TABLE period ADD COLUMN amount_minor BIGINT;             -- NULL: no charge
ALTER TABLE period ADD COLUMN currency TEXT COLLATE "C";
UPDATE period SET units = sold.units, amount_minor = sold.unit_minor * sold.units, currency = sold.currency
FROM (
    SELECT s.id, n.units / n.quantity * l.quantity AS units, n.unit_minor, n.currency
    FROM subscription s JOIN license l ON l.id = s.license_id JOIN order_line n ON n.id = l.line_id
) sold WHERE sold.id = period.subscription_id;

-- What one unit cost when the subscription was sold; NULL: no charge.
ALTER TABLE subscription ADD COLUMN unit_minor BIGINT;
ALTER TABLE subscription ADD COLUMN unit_currency TEXT COLLATE "C";
UPDATE subscription SET unit_minor = line.unit_minor, unit_currency = line.currency
FROM (SELECT l.id, n.unit_minor, n.currency FROM license l JOIN order_line n ON n.id = l.line_id) line
WHERE line.id = subscription.license_id;
-- JSON: []licensing.Coming, the parameters that the license has from later periods on; '' for none.
ALTER TABLE subscription ADD COLUMN coming TEXT COLLATE "C" NOT NULL DEFAULT '';

-- What more seats cost within a period, by day.
CREATE TABLE charge (
    id              TEXT COLLATE "C" PRIMARY KEY,
    subscription_id TEXT COLLATE "C" NOT NULL,
    period          BIGINT NOT NULL,
    from_date       TEXT COLLATE "C" NOT NULL,
    until_date      TEXT COLLATE "C" NOT NULL,
    units           BIGINT NOT NULL, -- how many more
    amount_minor    BIGINT,          -- NULL: no charge
    currency        TEXT COLLATE "C",
    created_at      TIMESTAMPTZ NOT NULL, -- business clock
    FOREIGN KEY (subscription_id, period) REFERENCES period (subscription_id, number)
);
CREATE INDEX charge_subscription ON charge (subscription_id);
CREATE INDEX charge_created ON charge (created_at);

DROP VIEW license_view;
-- Everything a reader of a license gets to see, with its newest file. A deleted license is nobody's to read.
CREATE VIEW license_view AS
SELECT l.id, l.ticket, l.order_id, l.line_id, l.group_id, l.category_id, l.product_id, l.product_name, l.quantity,
    l.state, l.created_at, l.expires_at, l.maintenance_until, l.parameters, l.search, l.version,
    g.code AS group_code, g.name AS group_name, c.code AS category_code, c.name AS category_name,
    p.code AS product_code, p.file_form, p.kind AS product_kind, p.parameters AS definitions,
    p.price_minor, p.price_currency,
    o.seq AS order_seq, o.created_day AS order_day, COALESCE(NULLIF(l.customer, ''), o.customer) AS customer,
    COALESCE(NULLIF(l.data_fields, ''), o.data_fields) AS data_fields, o.test,
    f.content AS file, f.issued_at AS file_issued_at,
    s.id AS subscription_id, s.plan, s.state AS subscription_state, s.last_number, s.last_start, s.last_end,
    s.cancel_by, s.cancelled_at, s.version AS subscription_version, s.revoked_on, s.unit_minor, s.unit_currency, s.coming,
    d.units AS last_units, d.amount_minor AS last_amount_minor, d.currency AS last_currency, l.customer_id, l.changed_at
FROM license l
JOIN customer_order o ON o.id = l.order_id
JOIN org_group g ON g.id = l.group_id
JOIN category c ON c.id = l.category_id
JOIN product p ON p.id = l.product_id
LEFT JOIN subscription s ON s.license_id = l.id
LEFT JOIN period d ON d.subscription_id = s.id AND d.number = s.last_number
LEFT JOIN license_file f ON f.license_id = l.id
    AND f.number = (SELECT MAX(n.number) FROM license_file n WHERE n.license_id = l.id)
WHERE l.state <> 'deleted';

-- +goose Down
DROP VIEW license_view;
DROP TABLE charge;
ALTER TABLE subscription DROP COLUMN coming;
ALTER TABLE subscription DROP COLUMN unit_currency;
ALTER TABLE subscription DROP COLUMN unit_minor;
ALTER TABLE period DROP COLUMN currency;
ALTER TABLE period DROP COLUMN amount_minor;
ALTER TABLE period DROP COLUMN units;
-- Everything a reader of a license gets to see, with its newest file. A deleted license is nobody's to read.
CREATE VIEW license_view AS
SELECT l.id, l.ticket, l.order_id, l.line_id, l.group_id, l.category_id, l.product_id, l.product_name, l.quantity,
    l.state, l.created_at, l.expires_at, l.maintenance_until, l.parameters, l.search, l.version,
    g.code AS group_code, g.name AS group_name, c.code AS category_code, c.name AS category_name,
    p.code AS product_code, p.file_form, p.kind AS product_kind, p.parameters AS definitions,
    o.seq AS order_seq, o.created_day AS order_day, COALESCE(NULLIF(l.customer, ''), o.customer) AS customer,
    COALESCE(NULLIF(l.data_fields, ''), o.data_fields) AS data_fields, o.test,
    f.content AS file, f.issued_at AS file_issued_at,
    s.id AS subscription_id, s.plan, s.state AS subscription_state, s.last_number, s.last_start, s.last_end,
    s.cancel_by, s.cancelled_at, s.version AS subscription_version, s.revoked_on, l.customer_id, l.changed_at
FROM license l
JOIN customer_order o ON o.id = l.order_id
JOIN org_group g ON g.id = l.group_id
JOIN category c ON c.id = l.category_id
JOIN product p ON p.id = l.product_id
LEFT JOIN subscription s ON s.license_id = l.id
LEFT JOIN license_file f ON f.license_id = l.id
    AND f.number = (SELECT MAX(n.number) FROM license_file n WHERE n.license_id = l.id)
WHERE l.state <> 'deleted';
