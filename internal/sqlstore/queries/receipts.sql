-- name: NextReceipt :one
INSERT INTO receipt (license_id, group_id, document, facts) VALUES ($1, $2, '', '') RETURNING seq;

-- name: FinishReceipt :execrows
UPDATE receipt SET document = $2, facts = $3 WHERE seq = $1 AND document = '';

-- name: ReceiptsOf :many
SELECT * FROM receipt WHERE license_id = $1 ORDER BY seq DESC;

-- name: WithdrawReceipts :exec
UPDATE receipt SET withdrawn_at = $2 WHERE license_id = $1 AND withdrawn_at IS NULL;
