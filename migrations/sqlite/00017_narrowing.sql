-- +goose Up

-- What an offer takes away from its product's plan. A version keeps it, and the plan that the product had then.
ALTER TABLE offer ADD COLUMN narrowing TEXT NOT NULL DEFAULT '';         -- JSON: licensing.Narrowing; '' takes nothing
ALTER TABLE offer_version ADD COLUMN narrowing TEXT NOT NULL DEFAULT ''; -- JSON: licensing.Narrowing
ALTER TABLE offer_version ADD COLUMN plan TEXT NOT NULL DEFAULT '';      -- JSON: licensing.Plan; '' for none
UPDATE offer_version SET plan = (SELECT p.plan FROM offer o JOIN product p ON p.id = o.product_id WHERE o.id = offer_version.offer_id);

DROP VIEW offer_view;
CREATE VIEW offer_view AS
SELECT o.id, o.rules, o.narrowing, o.position, o.version, o.closed, c.id AS category_id, c.code AS category_code, c.name AS category_name,
    c.description, c.version AS category_version, c.position AS category_position, p.id AS product_id, p.code, p.name, p.subtitle,
    p.kind, p.file_form, p.parameters, p.features, p.version AS product_version, p.plan, p.price_minor, p.price_currency, p.sale
FROM offer o
JOIN category c ON c.id = o.category_id
JOIN product p ON p.id = o.product_id;

-- +goose Down
DROP VIEW offer_view;
CREATE VIEW offer_view AS
SELECT o.id, o.rules, o.position, o.version, o.closed, c.id AS category_id, c.code AS category_code, c.name AS category_name,
    c.description, c.version AS category_version, c.position AS category_position, p.id AS product_id, p.code, p.name, p.subtitle,
    p.kind, p.file_form, p.parameters, p.features, p.version AS product_version, p.plan, p.price_minor, p.price_currency, p.sale
FROM offer o
JOIN category c ON c.id = o.category_id
JOIN product p ON p.id = o.product_id;
ALTER TABLE offer_version DROP COLUMN plan;
ALTER TABLE offer_version DROP COLUMN narrowing;
ALTER TABLE offer DROP COLUMN narrowing;
