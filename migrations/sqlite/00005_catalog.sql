-- +goose Up

ALTER TABLE category ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE product ADD COLUMN features TEXT NOT NULL DEFAULT '[]'; -- JSON: []licensing.Feature
ALTER TABLE product ADD COLUMN version  BIGINT NOT NULL DEFAULT 1;
ALTER TABLE product ADD COLUMN name_key TEXT NOT NULL DEFAULT '';   -- the name, folded; '' until it is
ALTER TABLE product ADD COLUMN search   TEXT NOT NULL DEFAULT '';   -- name and code, folded
CREATE INDEX product_name ON product (name_key, id);

ALTER TABLE offer ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE offer ADD COLUMN closed  BOOLEAN NOT NULL DEFAULT FALSE; -- the product was taken out of the category
CREATE INDEX offer_product ON offer (product_id);

-- What an offer's form was like, so that whoever filled in an older one can be told what changed.
CREATE TABLE offer_version (
    offer_id   TEXT NOT NULL REFERENCES offer (id),
    version    BIGINT NOT NULL,
    rules      TEXT NOT NULL, -- JSON: map[string]licensing.Rule
    parameters TEXT NOT NULL, -- JSON: []licensing.Parameter, the product's then
    closed     BOOLEAN NOT NULL,
    at         DATETIME NOT NULL,      -- business clock
    by_name    TEXT NOT NULL, -- '' for what was there from the start
    PRIMARY KEY (offer_id, version)
);
INSERT INTO offer_version (offer_id, version, rules, parameters, closed, at, by_name)
SELECT o.id, 1, o.rules, p.parameters, FALSE, CURRENT_TIMESTAMP, '' FROM offer o JOIN product p ON p.id = o.product_id;

ALTER TABLE data_field ADD COLUMN id      TEXT NOT NULL DEFAULT '';
ALTER TABLE data_field ADD COLUMN labels  TEXT NOT NULL DEFAULT ''; -- JSON: licensing.Texts
ALTER TABLE data_field ADD COLUMN helps   TEXT NOT NULL DEFAULT ''; -- JSON: licensing.Texts
ALTER TABLE data_field ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
UPDATE data_field SET id = category_id || '.' || name;
CREATE UNIQUE INDEX data_field_id ON data_field (id);

-- Which licenses there are by an offer.
CREATE INDEX license_offer ON license (category_id, product_id);
CREATE INDEX order_line_category ON order_line (category_id);

DROP VIEW offer_view;
CREATE VIEW offer_view AS
SELECT o.id, o.rules, o.position, o.version, o.closed, c.id AS category_id, c.code AS category_code, c.name AS category_name,
    c.description, c.version AS category_version, c.position AS category_position, p.id AS product_id, p.code, p.name, p.subtitle,
    p.kind, p.file_form, p.parameters, p.features, p.version AS product_version, p.plan, p.price_minor, p.price_currency
FROM offer o
JOIN category c ON c.id = o.category_id
JOIN product p ON p.id = o.product_id;

-- +goose Down
DROP VIEW offer_view;
CREATE VIEW offer_view AS
SELECT o.id, o.rules, o.position, c.id AS category_id, c.code AS category_code, c.name AS category_name, c.description,
    c.position AS category_position, p.id AS product_id, p.code, p.name, p.subtitle, p.kind, p.file_form, p.parameters,
    p.plan, p.price_minor, p.price_currency
FROM offer o
JOIN category c ON c.id = o.category_id
JOIN product p ON p.id = o.product_id;
DROP INDEX order_line_category;
DROP INDEX license_offer;
DROP INDEX data_field_id;
ALTER TABLE data_field DROP COLUMN version;
ALTER TABLE data_field DROP COLUMN helps;
ALTER TABLE data_field DROP COLUMN labels;
ALTER TABLE data_field DROP COLUMN id;
DROP TABLE offer_version;
DROP INDEX offer_product;
ALTER TABLE offer DROP COLUMN closed;
ALTER TABLE offer DROP COLUMN version;
DROP INDEX product_name;
ALTER TABLE product DROP COLUMN search;
ALTER TABLE product DROP COLUMN name_key;
ALTER TABLE product DROP COLUMN version;
ALTER TABLE product DROP COLUMN features;
ALTER TABLE category DROP COLUMN version;
