-- +goose Up

-- What a license has of its own after it was modified; '' where its order still says it.
ALTER TABLE license ADD COLUMN customer TEXT NOT NULL DEFAULT '';    -- JSON: licensing.Customer
ALTER TABLE license ADD COLUMN data_fields TEXT NOT NULL DEFAULT ''; -- JSON: []licensing.Value
-- For whom it is: a customer of the license's group, which is not the order's after a move.
ALTER TABLE license ADD COLUMN customer_id TEXT REFERENCES customer (id);
-- When anything of it last changed, its subscription included; business clock.
ALTER TABLE license ADD COLUMN changed_at DATETIME;
UPDATE license SET changed_at = created_at,
    customer_id = (SELECT o.customer_id FROM customer_order o WHERE o.id = license.order_id);
CREATE INDEX license_customer ON license (customer_id);

-- The day on which a revocation ended the subscription; '' when none did.
ALTER TABLE subscription ADD COLUMN revoked_on TEXT NOT NULL DEFAULT '';

DROP VIEW license_view;
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

-- +goose Down
DROP VIEW license_view;
ALTER TABLE subscription DROP COLUMN revoked_on;
DROP INDEX license_customer;
ALTER TABLE license DROP COLUMN changed_at;
ALTER TABLE license DROP COLUMN customer_id;
ALTER TABLE license DROP COLUMN data_fields;
ALTER TABLE license DROP COLUMN customer;
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
