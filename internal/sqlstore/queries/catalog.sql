-- name: InsertCategory :exec
INSERT INTO category (id, code, name, description, position)
SELECT sqlc.arg(id), sqlc.arg(code), sqlc.arg(name), sqlc.arg(description), CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT) FROM category;

-- name: Categories :many
SELECT * FROM category ORDER BY position, id;

-- name: CategoryByCode :one
SELECT * FROM category WHERE code = $1;

-- name: UpdateCategory :execrows
UPDATE category SET name = $1, description = $2, version = version + 1 WHERE id = $3 AND version = $4;

-- name: DeleteCategory :execrows
DELETE FROM category WHERE id = $1 AND version = $2;

-- name: ShiftCategories :exec
UPDATE category SET position = position + 1 WHERE position >= sqlc.arg(position);

-- name: PlaceCategory :exec
UPDATE category SET position = CAST(COALESCE(CAST(sqlc.narg(position) AS BIGINT), (SELECT MAX(c.position) + 1 FROM category c)) AS BIGINT)
WHERE category.id = sqlc.arg(id);

-- name: OfferCounts :many
SELECT category_id, COUNT(*) AS offers FROM offer WHERE NOT closed GROUP BY category_id;

-- name: CategoryUse :one
SELECT (SELECT COUNT(*) FROM permission p WHERE p.category = CAST(sqlc.arg(subject) AS TEXT)) AS grants,
    (SELECT COUNT(*) FROM order_line l WHERE l.category_id = CAST(sqlc.arg(id) AS TEXT)) AS lines,
    (SELECT COUNT(*) FROM offer o WHERE o.category_id = CAST(sqlc.arg(id) AS TEXT) AND NOT o.closed) AS offers;

-- name: DeleteOfferVersionsOf :exec
DELETE FROM offer_version WHERE offer_id IN (SELECT o.id FROM offer o WHERE o.category_id = $1);

-- name: DeleteOffersOf :exec
DELETE FROM offer WHERE category_id = $1;

-- name: DeleteDataFieldsOf :exec
DELETE FROM data_field WHERE category_id = $1;

-- name: InsertProduct :exec
INSERT INTO product (id, code, name, subtitle, kind, file_form, parameters, features, plan, price_minor, price_currency, name_key, search)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: ProductByCode :one
SELECT * FROM product WHERE code = $1;

-- name: UpdateProduct :execrows
UPDATE product SET name = $1, subtitle = $2, parameters = $3, features = $4, name_key = $5, search = $6, plan = $7, version = version + 1
WHERE id = $8 AND version = $9;

-- name: UnfoldedProducts :many
SELECT id, code, name FROM product WHERE name_key = '' LIMIT 500;

-- name: FoldProduct :exec
UPDATE product SET name_key = $1, search = $2 WHERE id = $3;

-- name: ListProducts :many
SELECT p.id, p.code, p.name, p.subtitle, p.kind, p.file_form, p.sale, p.version, p.name_key,
    (SELECT COUNT(*) FROM offer o WHERE o.product_id = p.id AND NOT o.closed) AS categories
FROM product p
WHERE (CAST(sqlc.arg(kind) AS TEXT) = '' OR p.kind = CAST(sqlc.arg(kind) AS TEXT))
  AND (CAST(sqlc.arg(pattern) AS TEXT) = '' OR p.search LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
  AND (CAST(sqlc.arg(category) AS TEXT) = '' OR EXISTS (
       SELECT 1 FROM offer o JOIN category c ON c.id = o.category_id WHERE o.product_id = p.id AND NOT o.closed AND c.code = CAST(sqlc.arg(category) AS TEXT)))
  AND (CAST(sqlc.arg(not_in) AS TEXT) = '' OR NOT EXISTS (
       SELECT 1 FROM offer o JOIN category c ON c.id = o.category_id WHERE o.product_id = p.id AND NOT o.closed AND c.code = CAST(sqlc.arg(not_in) AS TEXT)))
  AND (p.name_key > CAST(sqlc.arg(after_key) AS TEXT) OR (p.name_key = CAST(sqlc.arg(after_key) AS TEXT) AND p.id > CAST(sqlc.arg(after_id) AS TEXT)))
ORDER BY p.name_key, p.id
LIMIT sqlc.arg(most);

-- name: ListProductsByCode :many
SELECT p.id, p.code, p.name, p.subtitle, p.kind, p.file_form, p.sale, p.version, p.name_key,
    (SELECT COUNT(*) FROM offer o WHERE o.product_id = p.id AND NOT o.closed) AS categories
FROM product p
WHERE (CAST(sqlc.arg(kind) AS TEXT) = '' OR p.kind = CAST(sqlc.arg(kind) AS TEXT))
  AND (CAST(sqlc.arg(pattern) AS TEXT) = '' OR p.search LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
  AND (CAST(sqlc.arg(category) AS TEXT) = '' OR EXISTS (
       SELECT 1 FROM offer o JOIN category c ON c.id = o.category_id WHERE o.product_id = p.id AND NOT o.closed AND c.code = CAST(sqlc.arg(category) AS TEXT)))
  AND (CAST(sqlc.arg(not_in) AS TEXT) = '' OR NOT EXISTS (
       SELECT 1 FROM offer o JOIN category c ON c.id = o.category_id WHERE o.product_id = p.id AND NOT o.closed AND c.code = CAST(sqlc.arg(not_in) AS TEXT)))
  AND p.code > CAST(sqlc.arg(after_key) AS TEXT)
ORDER BY p.code
LIMIT sqlc.arg(most);

-- name: CountProducts :one
SELECT COUNT(*) FROM product p
WHERE (CAST(sqlc.arg(kind) AS TEXT) = '' OR p.kind = CAST(sqlc.arg(kind) AS TEXT))
  AND (CAST(sqlc.arg(pattern) AS TEXT) = '' OR p.search LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
  AND (CAST(sqlc.arg(category) AS TEXT) = '' OR EXISTS (
       SELECT 1 FROM offer o JOIN category c ON c.id = o.category_id WHERE o.product_id = p.id AND NOT o.closed AND c.code = CAST(sqlc.arg(category) AS TEXT)))
  AND (CAST(sqlc.arg(not_in) AS TEXT) = '' OR NOT EXISTS (
       SELECT 1 FROM offer o JOIN category c ON c.id = o.category_id WHERE o.product_id = p.id AND NOT o.closed AND c.code = CAST(sqlc.arg(not_in) AS TEXT)));

-- name: InsertOffer :exec
INSERT INTO offer (id, category_id, product_id, rules, narrowing, position)
SELECT sqlc.arg(id), sqlc.arg(category_id), sqlc.arg(product_id), sqlc.arg(rules), sqlc.arg(narrowing), CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT)
FROM offer WHERE category_id = sqlc.arg(category_id);

-- name: UpdateOffer :execrows
UPDATE offer SET rules = $1, narrowing = $2, closed = $3, version = version + 1 WHERE id = $4 AND version = $5;

-- name: NoteOfferVersion :exec
INSERT INTO offer_version (offer_id, version, rules, narrowing, parameters, plan, closed, at, by_name)
SELECT o.id, o.version, o.rules, o.narrowing, p.parameters, p.plan, o.closed, sqlc.arg(at), sqlc.arg(by_name) FROM offer o JOIN product p ON p.id = o.product_id
WHERE o.id = sqlc.arg(id);

-- name: CountOfferVersionsOfProduct :exec
UPDATE offer SET version = version + 1 WHERE product_id = $1;

-- name: NoteOfferVersionsOfProduct :exec
INSERT INTO offer_version (offer_id, version, rules, narrowing, parameters, plan, closed, at, by_name)
SELECT o.id, o.version, o.rules, o.narrowing, p.parameters, p.plan, o.closed, sqlc.arg(at), sqlc.arg(by_name) FROM offer o JOIN product p ON p.id = o.product_id
WHERE p.id = sqlc.arg(id);

-- name: OfferVersions :many
SELECT * FROM offer_version WHERE offer_id = $1 ORDER BY version DESC;

-- name: OfferVersion :one
SELECT * FROM offer_version WHERE offer_id = $1 AND version = $2;

-- name: ShiftOffers :exec
UPDATE offer SET position = position + 1 WHERE category_id = sqlc.arg(category_id) AND position >= sqlc.arg(position);

-- name: PlaceOffer :exec
UPDATE offer SET position = CAST(COALESCE(CAST(sqlc.narg(position) AS BIGINT),
    (SELECT MAX(o.position) + 1 FROM offer o WHERE o.category_id = CAST(sqlc.arg(category_id) AS TEXT))) AS BIGINT)
WHERE offer.id = sqlc.arg(id);

-- name: OfferByCodes :one
SELECT * FROM offer_view WHERE category_code = sqlc.arg(category) AND code = sqlc.arg(product);

-- CountOpenOffers counts those of one category.
-- name: CountOpenOffers :one
SELECT COUNT(*) FROM offer o JOIN category c ON c.id = o.category_id WHERE c.code = $1 AND NOT o.closed;

-- name: OffersOfProduct :many
SELECT * FROM offer_view WHERE product_id = $1 ORDER BY category_position, category_id;

-- name: RulesThatHide :many
-- The beginning of what Go writes for Rule.Hidden tells the few rows that are to be read.
SELECT DISTINCT rules FROM offer WHERE rules LIKE '%"hidden":true%';

-- name: OfferStates :many
SELECT o.id, o.product_id, p.code, p.name, o.closed, o.position, o.version, o.rules, o.narrowing
FROM offer o JOIN product p ON p.id = o.product_id
WHERE o.category_id = $1
ORDER BY o.position, o.id;

-- name: OfferRows :many
SELECT o.id, o.version, o.closed, p.id AS product_id, p.code, p.name, p.subtitle, p.kind, p.file_form, p.sale, p.version AS product_version,
    (SELECT COUNT(*) FROM license l WHERE l.category_id = o.category_id AND l.product_id = o.product_id
        AND l.state IN ('active', 'suspended') AND (l.expires_at IS NULL OR l.expires_at > sqlc.arg(now))) AS licenses
FROM offer o JOIN product p ON p.id = o.product_id
WHERE o.category_id = sqlc.arg(category_id)
ORDER BY o.position, o.id;

-- name: CountLiveLicenses :one
SELECT COUNT(*) FROM license l
WHERE l.category_id = sqlc.arg(category_id) AND (CAST(sqlc.arg(product_id) AS TEXT) = '' OR l.product_id = CAST(sqlc.arg(product_id) AS TEXT))
  AND l.state IN ('active', 'suspended') AND (l.expires_at IS NULL OR l.expires_at > sqlc.arg(now));

-- name: InsertDataField :exec
INSERT INTO data_field (id, name, category_id, type, label, labels, help, helps, rule, hidden, position)
SELECT sqlc.arg(id), sqlc.arg(name), sqlc.arg(category_id), sqlc.arg(type), sqlc.arg(label), sqlc.arg(labels), sqlc.arg(help), sqlc.arg(helps),
    sqlc.arg(rule), sqlc.arg(hidden), CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT)
FROM data_field;

-- name: UpdateDataField :execrows
UPDATE data_field SET label = $1, labels = $2, help = $3, helps = $4, rule = $5, hidden = $6, version = version + 1
WHERE id = $7 AND version = $8;

-- name: DeleteDataField :execrows
DELETE FROM data_field WHERE id = $1 AND version = $2;

-- name: ShiftDataFields :exec
UPDATE data_field SET position = position + 1 WHERE position >= sqlc.arg(position);

-- name: PlaceDataField :exec
UPDATE data_field SET position = CAST(COALESCE(CAST(sqlc.narg(position) AS BIGINT), (SELECT MAX(d.position) + 1 FROM data_field d)) AS BIGINT)
WHERE data_field.id = sqlc.arg(id);

-- name: DataFieldsOf :many
SELECT * FROM data_field WHERE category_id = '' OR category_id = $1 ORDER BY position, id;

-- name: DataFields :many
SELECT * FROM data_field ORDER BY position, id;
