-- name: UpsertCustomer :one
INSERT INTO customer (id, group_id, match_key, particulars, search, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (group_id, match_key) DO UPDATE SET particulars = excluded.particulars, search = excluded.search
RETURNING id;

-- name: FindCustomers :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT c.id, c.particulars,
    (SELECT COUNT(*) FROM license l WHERE l.customer_id = c.id AND l.state <> 'deleted') AS licenses
FROM customer c JOIN sight ON sight.id = c.group_id
WHERE c.search LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\'
ORDER BY c.search, c.id
LIMIT sqlc.arg(most);

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
    created_day, created_at, expires_at, maintenance_until, parameters, search, version, customer_id, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1,
    (SELECT o.customer_id FROM customer_order o WHERE o.id = $3), $17);

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

-- name: LicensesOfOrder :many
SELECT * FROM license_view WHERE order_id = $1 ORDER BY id;

-- name: LicensesOfLine :many
SELECT * FROM license_view WHERE line_id = $1 ORDER BY id;

-- name: LicenseByTicket :one
SELECT * FROM license_view WHERE ticket = $1;

-- name: LicenseByID :one
SELECT * FROM license_view WHERE id = $1;

-- name: LicenseFiles :many
SELECT number, content, issued_at FROM license_file WHERE license_id = $1 ORDER BY number;

-- name: ListLicenses :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT v.* FROM license_view v JOIN sight ON sight.id = v.group_id
WHERE (CAST(sqlc.arg(after) AS TEXT) = '' OR v.id < CAST(sqlc.arg(after) AS TEXT))
  AND (CAST(sqlc.arg(pattern) AS TEXT) = '' OR v.search LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
  AND (CAST(sqlc.arg(product) AS TEXT) = '' OR v.product_code = CAST(sqlc.arg(product) AS TEXT))
  AND (CAST(sqlc.arg(kind) AS TEXT) = '' OR v.product_kind = CAST(sqlc.arg(kind) AS TEXT))
  AND (CAST(sqlc.arg(group_code) AS TEXT) = '' OR v.group_code = CAST(sqlc.arg(group_code) AS TEXT))
  AND (CAST(sqlc.arg(category) AS TEXT) = '' OR v.category_code = CAST(sqlc.arg(category) AS TEXT))
  AND (CAST(sqlc.arg(customer_key) AS TEXT) = ''
       OR v.customer_id IN (SELECT k.id FROM customer k WHERE k.match_key = CAST(sqlc.arg(customer_key) AS TEXT)))
  AND (CAST(sqlc.arg(data_field) AS TEXT) = ''
       OR REPLACE(v.data_fields, CAST(sqlc.arg(data_field) AS TEXT), '') <> v.data_fields)
  AND (NOT CAST(sqlc.arg(since_some_time) AS BOOLEAN) OR v.changed_at >= sqlc.arg(since))
  AND (CAST(sqlc.arg(state) AS TEXT) = ''
       OR CASE WHEN v.state = 'active' AND v.expires_at <= sqlc.arg(now) THEN 'expired' ELSE v.state END = CAST(sqlc.arg(state) AS TEXT))
ORDER BY v.id DESC
LIMIT sqlc.arg(most);

-- name: ListLicensesByCancelBy :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT v.* FROM license_view v JOIN sight ON sight.id = v.group_id
WHERE v.subscription_id IS NOT NULL AND v.subscription_state = 'active'
  AND (CAST(sqlc.arg(after) AS TEXT) = '' OR v.cancel_by || '/' || v.id > CAST(sqlc.arg(after) AS TEXT))
  AND (CAST(sqlc.arg(pattern) AS TEXT) = '' OR v.search LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
  AND (CAST(sqlc.arg(product) AS TEXT) = '' OR v.product_code = CAST(sqlc.arg(product) AS TEXT))
  AND (CAST(sqlc.arg(group_code) AS TEXT) = '' OR v.group_code = CAST(sqlc.arg(group_code) AS TEXT))
  AND (CAST(sqlc.arg(category) AS TEXT) = '' OR v.category_code = CAST(sqlc.arg(category) AS TEXT))
  AND (CAST(sqlc.arg(customer_key) AS TEXT) = ''
       OR v.customer_id IN (SELECT k.id FROM customer k WHERE k.match_key = CAST(sqlc.arg(customer_key) AS TEXT)))
  AND (CAST(sqlc.arg(data_field) AS TEXT) = ''
       OR REPLACE(v.data_fields, CAST(sqlc.arg(data_field) AS TEXT), '') <> v.data_fields)
  AND (NOT CAST(sqlc.arg(since_some_time) AS BOOLEAN) OR v.changed_at >= sqlc.arg(since))
  AND (CAST(sqlc.arg(state) AS TEXT) = ''
       OR CASE WHEN v.state = 'active' AND v.expires_at <= sqlc.arg(now) THEN 'expired' ELSE v.state END = CAST(sqlc.arg(state) AS TEXT))
ORDER BY v.cancel_by, v.id
LIMIT sqlc.arg(most);

-- name: CountLicenses :one
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT COUNT(*) FROM license_view v JOIN sight ON sight.id = v.group_id
WHERE (CAST(sqlc.arg(pattern) AS TEXT) = '' OR v.search LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
  AND (CAST(sqlc.arg(product) AS TEXT) = '' OR v.product_code = CAST(sqlc.arg(product) AS TEXT))
  AND (CAST(sqlc.arg(kind) AS TEXT) = '' OR v.product_kind = CAST(sqlc.arg(kind) AS TEXT))
  AND (NOT CAST(sqlc.arg(cancellable) AS BOOLEAN) OR v.subscription_state = 'active')
  AND (CAST(sqlc.arg(group_code) AS TEXT) = '' OR v.group_code = CAST(sqlc.arg(group_code) AS TEXT))
  AND (CAST(sqlc.arg(category) AS TEXT) = '' OR v.category_code = CAST(sqlc.arg(category) AS TEXT))
  AND (CAST(sqlc.arg(customer_key) AS TEXT) = ''
       OR v.customer_id IN (SELECT k.id FROM customer k WHERE k.match_key = CAST(sqlc.arg(customer_key) AS TEXT)))
  AND (CAST(sqlc.arg(data_field) AS TEXT) = ''
       OR REPLACE(v.data_fields, CAST(sqlc.arg(data_field) AS TEXT), '') <> v.data_fields)
  AND (NOT CAST(sqlc.arg(since_some_time) AS BOOLEAN) OR v.changed_at >= sqlc.arg(since))
  AND (CAST(sqlc.arg(state) AS TEXT) = ''
       OR CASE WHEN v.state = 'active' AND v.expires_at <= sqlc.arg(now) THEN 'expired' ELSE v.state END = CAST(sqlc.arg(state) AS TEXT));

-- name: ListOrders :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT o.* FROM order_view o JOIN sight ON sight.id = o.group_id
WHERE (sqlc.arg(before) = 0 OR o.seq < sqlc.arg(before))
  AND (CAST(sqlc.arg(pattern) AS TEXT) = '' OR o.search LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\' OR o.seq = sqlc.arg(exactly))
ORDER BY o.seq DESC
LIMIT sqlc.arg(most);

-- name: LicensesSince :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT l.created_day, COUNT(*) AS licenses
FROM license l JOIN sight ON sight.id = l.group_id
WHERE l.state <> 'deleted' AND l.created_day >= sqlc.arg(since)
GROUP BY l.created_day;

-- name: InsertAudit :exec
INSERT INTO audit (id, at, wall_at, by_id, by_name, by_group, via, remote, action, object, parent, request_id, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: History :many
SELECT at, by_name, by_group, action, detail FROM audit WHERE object = $1 ORDER BY id DESC;
