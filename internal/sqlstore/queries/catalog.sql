-- name: InsertCategory :exec
INSERT INTO category (id, code, name, description, position)
SELECT sqlc.arg(id), sqlc.arg(code), sqlc.arg(name), sqlc.arg(description), COUNT(*) + 1 FROM category;

-- name: Categories :many
SELECT * FROM category ORDER BY position;

-- name: InsertProduct :exec
INSERT INTO product (id, code, name, subtitle, kind, file_form, parameters, plan, price_minor, price_currency)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: InsertOffer :exec
INSERT INTO offer (id, category_id, product_id, rules, position)
SELECT sqlc.arg(id), sqlc.arg(category_id), sqlc.arg(product_id), sqlc.arg(rules), COUNT(*) + 1
FROM offer WHERE category_id = sqlc.arg(category_id);

-- name: InsertDataField :exec
INSERT INTO data_field (name, category_id, type, label, help, rule, hidden, position)
SELECT sqlc.arg(name), sqlc.arg(category_id), sqlc.arg(type), sqlc.arg(label), sqlc.arg(help), sqlc.arg(rule), sqlc.arg(hidden), COUNT(*) + 1
FROM data_field;

-- name: OfferByCodes :one
SELECT * FROM offer_view WHERE category_code = sqlc.arg(category) AND code = sqlc.arg(product);

-- name: Offers :many
SELECT * FROM offer_view ORDER BY category_position, position;

-- name: DataFieldsOf :many
SELECT * FROM data_field WHERE category_id = '' OR category_id = $1 ORDER BY position;

-- name: DataFields :many
SELECT * FROM data_field ORDER BY position;
