-- name: InsertMessage :execrows
INSERT INTO message (id, connector, kind, key, order_id, content, state, attempts, next_try, last_error, document_number, created_at, updated_at, statement_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, '', '', $9, $9, $10)
ON CONFLICT (connector, key) DO NOTHING;

-- name: MessageByID :one
SELECT * FROM message WHERE id = $1;

-- name: MessagesOf :many
SELECT * FROM message WHERE order_id = $1 ORDER BY id;

-- name: MessagesOfStatement :many
SELECT * FROM message WHERE statement_id = $1 ORDER BY id;

-- name: EarlierMessage :one
SELECT * FROM message
WHERE order_id = $1 AND connector = $2 AND id < $3 AND state IN ('waiting', 'sent')
ORDER BY id
LIMIT 1;

-- name: ClaimMessage :execrows
UPDATE message SET state = 'sent', attempts = attempts + 1, next_try = sqlc.arg(lost), updated_at = sqlc.arg(now)
WHERE id = sqlc.arg(id) AND state IN ('waiting', 'sent') AND next_try <= sqlc.arg(now);

-- name: FinishTry :execrows
UPDATE message SET state = $3, next_try = $4, last_error = $5, document_number = $6, updated_at = $7
WHERE id = $1 AND attempts = $2 AND state = 'sent';

-- name: TryAgain :execrows
UPDATE message SET state = 'waiting', next_try = $2, updated_at = $2 WHERE id = $1 AND state IN ('waiting', 'rejected', 'failed')
    AND kind <> 'documentReported';

-- name: SettleMessage :execrows
UPDATE message SET state = sqlc.arg(state), attempts = attempts + 1, next_try = sqlc.arg(now), last_error = sqlc.arg(last_error),
    document_number = sqlc.arg(document_number), updated_at = sqlc.arg(now)
WHERE id = sqlc.arg(id) AND state <> 'accepted';

-- name: InsertTry :exec
INSERT INTO message_try (message_id, number, at, took_ms, state, said) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (message_id, number) DO NOTHING;

-- name: OverdueMessages :many
SELECT id FROM message WHERE state IN ('waiting', 'sent') AND next_try <= $1 ORDER BY next_try LIMIT $2;

-- name: WaitingMessages :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT m.*, o.seq, o.created_day
FROM message m LEFT JOIN customer_order o ON o.id = m.order_id LEFT JOIN statement st ON st.id = m.statement_id
    JOIN sight ON sight.id = COALESCE(o.group_id, st.group_id)
WHERE m.state <> 'accepted'
ORDER BY m.id DESC
LIMIT sqlc.arg(most);
