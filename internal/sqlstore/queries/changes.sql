-- name: InsertChange :exec
INSERT INTO change_entry (mark, at, kind, group_id, from_group_id, order_number, ticket, test) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: LockChangeHead :exec
UPDATE change_head SET last = last + 0;

-- name: NumberChanges :execrows
UPDATE change_entry SET number = n.number
FROM (
    SELECT c.seq, h.last + ROW_NUMBER() OVER (ORDER BY c.seq) AS number
    FROM change_entry c CROSS JOIN change_head h
    WHERE c.number IS NULL
    ORDER BY c.seq
    LIMIT $1
) AS n
WHERE change_entry.seq = n.seq;

-- name: MoveChangeHead :exec
UPDATE change_head SET last = last + CAST($1 AS BIGINT);

-- name: ChangesWait :one
SELECT COUNT(*) FROM (SELECT c.seq FROM change_entry c WHERE c.number IS NULL LIMIT 1) AS waiting;

-- name: ChangeHead :one
SELECT last FROM change_head;

-- name: ChangeMark :one
SELECT mark FROM change_entry WHERE number = $1;

-- name: ChangesAfter :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT c.number, c.mark, c.at, c.kind, c.order_number, c.ticket, c.test
FROM change_entry c
WHERE c.number > sqlc.arg(after) AND (c.group_id IN (SELECT s.id FROM sight s) OR c.from_group_id IN (SELECT s.id FROM sight s))
ORDER BY c.number
LIMIT sqlc.arg(most);
