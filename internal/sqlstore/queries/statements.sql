-- name: InsertEntry :exec
INSERT INTO statement_entry (id, group_id, key, on_day, month, amount_minor, currency, content, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (key) DO NOTHING;

-- name: OldestEntry :one
SELECT on_day FROM statement_entry WHERE statement_id IS NULL ORDER BY on_day LIMIT 1;

-- name: OpenEntries :many
SELECT group_id, content FROM statement_entry WHERE statement_id IS NULL AND group_id = $1 AND on_day <= $2 ORDER BY on_day, id;

-- name: GroupsToClose :many
SELECT g.id FROM org_group g
WHERE EXISTS (SELECT 1 FROM statement_entry e WHERE e.statement_id IS NULL AND e.group_id = g.id AND e.on_day <= sqlc.arg(last_day))
    AND NOT EXISTS (SELECT 1 FROM statement s WHERE s.group_id = g.id AND s.month = sqlc.arg(month))
    AND g.id > sqlc.arg(after)
ORDER BY g.id
LIMIT sqlc.arg(most);

-- name: NewestMonth :one
SELECT * FROM statement_month ORDER BY month DESC LIMIT 1;

-- name: BeginMonth :execrows
INSERT INTO statement_month (month, begun_at) VALUES ($1, $2) ON CONFLICT (month) DO NOTHING;

-- name: EndMonth :exec
UPDATE statement_month SET ended_at = $2 WHERE month = $1 AND ended_at IS NULL;

-- name: InsertStatement :execrows
INSERT INTO statement (id, group_id, group_code, group_name, month, closed_at, entries, sums, hash) VALUES ($1, $2, $3, $4, $5, $6, 0, '', '')
ON CONFLICT (group_id, month) DO NOTHING;

-- name: ClaimEntries :exec
UPDATE statement_entry SET statement_id = $1 WHERE statement_id IS NULL AND group_id = $2 AND on_day <= $3;

-- name: EntriesOf :many
SELECT group_id, content FROM statement_entry WHERE statement_id = $1 ORDER BY on_day, id;

-- name: SealStatement :exec
UPDATE statement SET closed_at = $2, entries = $3, sums = $4, hash = $5 WHERE id = $1;

-- name: StatementOf :one
SELECT * FROM statement WHERE group_id = $1 AND month = $2;

-- name: StatementByID :one
SELECT * FROM statement WHERE id = $1;

-- name: ListStatements :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT s.* FROM statement s JOIN sight ON sight.id = s.group_id
WHERE CAST(sqlc.arg(month) AS TEXT) = '' OR s.month = CAST(sqlc.arg(month) AS TEXT)
ORDER BY s.month DESC, s.group_name, s.id
LIMIT sqlc.arg(most);

-- name: OpenMonths :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT g.id, g.code, g.name, e.month, e.currency, COUNT(*) AS entries, CAST(SUM(e.amount_minor) AS BIGINT) AS amount
FROM statement_entry e JOIN sight ON sight.id = e.group_id JOIN org_group g ON g.id = e.group_id
WHERE e.statement_id IS NULL
GROUP BY g.id, g.code, g.name, e.month, e.currency
ORDER BY e.month DESC, g.name, g.id, e.currency;
