-- name: UpsertCustomer :one
INSERT INTO customer (id, group_id, match_key, particulars, search, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (group_id, match_key) DO UPDATE SET
    particulars = CASE WHEN CAST(sqlc.arg(test) AS BOOLEAN) THEN customer.particulars ELSE excluded.particulars END,
    search = CASE WHEN CAST(sqlc.arg(test) AS BOOLEAN) THEN customer.search ELSE excluded.search END
RETURNING id;

-- name: InsertOrder :one
INSERT INTO customer_order (id, group_id, customer_id, customer, data_fields, search, test, created_by, created_day, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING seq;

-- name: InsertLine :exec
INSERT INTO order_line (id, order_id, position, external_line, category_id, product_id, product_name, quantity, unit_minor, units, amount_minor, currency)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: CountLines :one
SELECT COUNT(*) FROM order_line WHERE order_id = $1;

-- name: InsertLicense :exec
INSERT INTO license (id, ticket, order_id, line_id, group_id, category_id, product_id, product_name, quantity, state,
    created_day, created_at, expires_at, maintenance_until, parameters, search, version, customer_id, changed_at, data_fields)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1,
    (SELECT o.customer_id FROM customer_order o WHERE o.id = $3), $17,
    CASE WHEN (SELECT o.data_fields FROM customer_order o WHERE o.id = $3) = CAST(sqlc.arg(data_fields) AS TEXT)
        THEN '' ELSE CAST(sqlc.arg(data_fields) AS TEXT) END);

-- name: UpdateLicense :execrows
UPDATE license SET state = sqlc.arg(state), expires_at = sqlc.arg(expires_at), maintenance_until = sqlc.arg(maintenance_until),
    group_id = sqlc.arg(group_id), customer_id = sqlc.arg(customer_id), parameters = sqlc.arg(parameters),
    customer = CASE WHEN (SELECT o.customer FROM customer_order o WHERE o.id = license.order_id) = CAST(sqlc.arg(customer) AS TEXT)
        THEN '' ELSE CAST(sqlc.arg(customer) AS TEXT) END,
    data_fields = CASE WHEN (SELECT o.data_fields FROM customer_order o WHERE o.id = license.order_id) = CAST(sqlc.arg(data_fields) AS TEXT)
        THEN '' ELSE CAST(sqlc.arg(data_fields) AS TEXT) END,
    search = sqlc.arg(search), changed_at = sqlc.arg(changed_at), version = version + 1
WHERE license.id = sqlc.arg(id) AND license.version = sqlc.arg(version);

-- name: TouchLicense :exec
UPDATE license SET changed_at = $2 WHERE id = $1;

-- name: InsertLicenseFile :exec
INSERT INTO license_file (license_id, number, content, issued_at)
SELECT sqlc.arg(license_id), COUNT(*) + 1, sqlc.arg(content), sqlc.arg(issued_at)
FROM license_file WHERE license_id = sqlc.arg(license_id);

-- name: OrderBySeq :one
SELECT * FROM order_view WHERE seq = $1;

-- name: LinesOf :many
SELECT l.*, c.code AS category_code, c.name AS category_name, p.code AS product_code
FROM order_line l JOIN category c ON c.id = l.category_id JOIN product p ON p.id = l.product_id
WHERE l.order_id = $1
ORDER BY l.position;

-- name: CategoriesOfOrder :many
SELECT DISTINCT category_id FROM order_line WHERE order_id = $1 ORDER BY category_id;

-- name: LicensesOfOrder :many
SELECT * FROM license_view WHERE order_id = $1 ORDER BY id;

-- name: CountLicensesOfOrder :many
SELECT l.group_id, COUNT(*) AS licenses, COUNT(f.license_id) AS signed
FROM license l LEFT JOIN license_file f ON f.license_id = l.id AND f.number = 1
WHERE l.order_id = $1 AND l.state <> 'deleted'
GROUP BY l.group_id ORDER BY l.group_id;

-- name: LicensesOfLine :many
SELECT * FROM license_view WHERE line_id = $1 ORDER BY id;

-- name: LicenseByTicket :one
SELECT * FROM license_view WHERE ticket = $1;

-- name: LicenseByID :one
SELECT * FROM license_view WHERE id = $1;

-- name: LicenseFiles :many
SELECT number, content, issued_at FROM license_file WHERE license_id = $1 ORDER BY number;

-- name: InsertAudit :exec
INSERT INTO audit (id, at, wall_at, by_id, by_name, by_group, via, remote, action, object, parent, request_id, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: History :many
SELECT at, by_name, by_group, action, detail FROM audit WHERE object = $1 ORDER BY id DESC;
