-- What is read of lists is put together in Go (lists_query.go); here is how they are kept.

-- name: LicenseToList :one
SELECT l.id, l.ticket, l.group_id, l.category_id, l.product_id, l.product_name, l.quantity, l.state, l.created_day, l.created_at,
    l.expires_at, l.maintenance_until, l.parameters, p.code AS product_code, p.name AS catalog_name, p.kind, p.parameters AS definitions,
    p.price_minor, p.price_currency, o.seq AS order_seq, o.created_day AS order_day, COALESCE(l.customer_id, o.customer_id) AS customer_id, o.customer,
    l.customer AS own_customer, o.data_fields, l.data_fields AS own_data_fields, o.test, l.changed_at,
    s.unit_minor, s.unit_currency, s.state AS subscription_state, s.plan, s.last_number, s.coming, s.last_end, s.cancel_by, p.unextended, COALESCE(k.words, '') AS words
FROM license l
JOIN customer_order o ON o.id = l.order_id
JOIN product p ON p.id = l.product_id
LEFT JOIN subscription s ON s.license_id = l.id
LEFT JOIN license_list k ON k.id = l.id
WHERE l.id = $1;

-- name: ListLicense :one
INSERT INTO license_list (id, group_id, category_id, product_id, customer_id, state, subscription, kind, expires_at, changed_at,
    created_day, by_customer, by_ends, by_cancel, by_product, words, shown)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
ON CONFLICT (id) DO UPDATE SET group_id = excluded.group_id, customer_id = excluded.customer_id, state = excluded.state,
    subscription = excluded.subscription, expires_at = excluded.expires_at, changed_at = excluded.changed_at, by_customer = excluded.by_customer,
    by_ends = excluded.by_ends, by_cancel = excluded.by_cancel, words = excluded.words, shown = excluded.shown
RETURNING seq;

-- name: ListOrder :exec
INSERT INTO order_list (seq, id, group_id, customer_id, created_day, by_customer, words) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (seq) DO NOTHING;

-- name: CustomerToList :one
SELECT c.id, c.group_id, c.particulars, c.created_at, COALESCE(k.words, '') AS words
FROM customer c LEFT JOIN customer_list k ON k.id = c.id
WHERE c.id = $1;

-- name: ListCustomer :one
INSERT INTO customer_list (id, group_id, created_day, by_customer, words) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET by_customer = excluded.by_customer, words = excluded.words
RETURNING seq;

-- name: UnlistedLicenses :many
SELECT l.id FROM license l WHERE l.id > $1 ORDER BY l.id LIMIT $2;

-- name: UnlistedOrders :many
SELECT o.seq, o.id, o.group_id, o.customer_id, o.customer, o.data_fields, o.created_day FROM customer_order o WHERE o.seq > $1 ORDER BY o.seq LIMIT $2;

-- name: UnlistedCustomers :many
SELECT c.id FROM customer c WHERE c.id > $1 ORDER BY c.id LIMIT $2;

-- name: SightGroups :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT sight.id FROM sight LIMIT sqlc.arg(most);

-- name: IsRootGroup :one
SELECT COUNT(*) FROM org_group WHERE id = $1 AND parent_id IS NULL;

-- name: GroupIDByCode :one
SELECT id FROM org_group WHERE code = $1;

-- name: ProductIDByCode :one
SELECT id FROM product WHERE code = $1;

-- name: CategoryIDByCode :one
SELECT id FROM category WHERE code = $1;

-- name: InsertExport :exec
INSERT INTO export (id, owner, list, format, filter, shape, state, run, done, total, size, group_ids, reason, created_at, seen_at)
VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, 0, 0, 0, '', '', $7, $7);

-- name: ExportByID :one
SELECT * FROM export WHERE id = $1;

-- name: ExportsOf :many
SELECT * FROM export WHERE owner = $1 ORDER BY id DESC LIMIT 50;

-- name: BeginExport :one
UPDATE export SET state = 'running', run = run + 1, done = 0, total = 0, size = 0, group_ids = '', begun_at = sqlc.arg(now), seen_at = sqlc.arg(now)
WHERE id = sqlc.arg(id) AND (state = 'waiting' OR (state = 'running' AND seen_at < sqlc.arg(left_since)))
RETURNING *;

-- name: UpdateExport :execrows
UPDATE export SET state = $3, done = $4, total = $5, size = $6, group_ids = $7, reason = $8, seen_at = $9, ended_at = $10
WHERE id = $1 AND run = $2 AND state = 'running';

-- name: StopExport :execrows
UPDATE export SET state = 'stopped', ended_at = $2 WHERE id = $1 AND state IN ('waiting', 'running');

-- name: AddExportChunk :exec
INSERT INTO export_chunk (export_id, run, number, content) VALUES ($1, $2, $3, $4);

-- name: ExportChunk :one
SELECT content FROM export_chunk WHERE export_id = $1 AND run = $2 AND number = $3;

-- name: DropExportChunks :exec
DELETE FROM export_chunk WHERE export_id = $1;

-- name: LeftExports :many
SELECT id FROM export WHERE state IN ('waiting', 'running') AND seen_at < $1 ORDER BY seen_at LIMIT $2;

-- name: OldExports :many
SELECT id FROM export WHERE created_at < $1 ORDER BY created_at LIMIT 100;

-- name: DeleteExport :exec
DELETE FROM export WHERE id = $1;
