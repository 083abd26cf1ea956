-- +goose Up

-- '' sold, 'goOn' deactivated and its subscriptions go on, 'end' deactivated and they end.
ALTER TABLE product ADD COLUMN sale TEXT NOT NULL DEFAULT '';
-- JSON: []licensing.Span, the times in which its subscriptions were to end; '' for none.
ALTER TABLE product ADD COLUMN unextended TEXT NOT NULL DEFAULT '';

-- JSON: licensing.EarlyEnd, the ISV's decision that it ends before its last period is over; '' for none.
ALTER TABLE subscription ADD COLUMN early_end TEXT NOT NULL DEFAULT '';

-- Products whose running subscriptions are to be looked at anew, for they end or go on, and how far that is.
CREATE TABLE subscription_review (
    product_id TEXT PRIMARY KEY REFERENCES product (id),
    round      BIGINT NOT NULL, -- how often it was begun
    after_row  TEXT NOT NULL -- where it goes on
);

DROP VIEW offer_view;
CREATE VIEW offer_view AS
SELECT o.id, o.rules, o.position, o.version, o.closed, c.id AS category_id, c.code AS category_code, c.name AS category_name,
    c.description, c.version AS category_version, c.position AS category_position, p.id AS product_id, p.code, p.name, p.subtitle,
    p.kind, p.file_form, p.parameters, p.features, p.version AS product_version, p.plan, p.price_minor, p.price_currency, p.sale
FROM offer o
JOIN category c ON c.id = o.category_id
JOIN product p ON p.id = o.product_id;

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
    d.units AS last_units, d.amount_minor AS last_amount_minor, d.currency AS last_currency, l.customer_id, l.changed_at, p.unextended, s.early_end
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

DROP VIEW offer_view;
CREATE VIEW offer_view AS
SELECT o.id, o.rules, o.position, o.version, o.closed, c.id AS category_id, c.code AS category_code, c.name AS category_name,
    c.description, c.version AS category_version, c.position AS category_position, p.id AS product_id, p.code, p.name, p.subtitle,
    p.kind, p.file_form, p.parameters, p.features, p.version AS product_version, p.plan, p.price_minor, p.price_currency
FROM offer o
JOIN category c ON c.id = o.category_id
JOIN product p ON p.id = o.product_id;
DROP TABLE subscription_review;
ALTER TABLE subscription DROP COLUMN early_end;
ALTER TABLE product DROP COLUMN unextended;
ALTER TABLE product DROP COLUMN sale;
