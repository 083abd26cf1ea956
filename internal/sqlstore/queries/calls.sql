-- name: InsertCall :exec
INSERT INTO soap_call (id, at, at_minute, group_id, account_id, account, remote, version, operation, request_id, took_us, outcome, field, reference, in_size, out_size, order_number, ticket_hash, kept)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19);

-- name: InsertEnvelope :exec
INSERT INTO soap_envelope (call_id, content) VALUES ($1, $2);

-- name: EnvelopeOf :one
SELECT content FROM soap_envelope WHERE call_id = $1;

-- name: CountCallsBy :many
SELECT CAST(at_minute / CAST(@minutes AS BIGINT) AS BIGINT) AS step, outcome, COUNT(*) AS n
FROM soap_call WHERE account_id = @account AND at_minute >= @since
GROUP BY 1, outcome ORDER BY 1, outcome;

-- name: DropEnvelopes :exec
DELETE FROM soap_envelope WHERE call_id IN (SELECT c.id FROM soap_call c WHERE c.at_minute < $1 ORDER BY c.at_minute, c.seq LIMIT $2);

-- name: DropCalls :execrows
DELETE FROM soap_call WHERE seq IN (SELECT c.seq FROM soap_call c WHERE c.at_minute < $1 ORDER BY c.at_minute, c.seq LIMIT $2);

-- name: LastStranger :one
SELECT at_minute FROM soap_call WHERE account_id = '' ORDER BY at_minute DESC LIMIT 1 OFFSET $1;

-- name: DropStrangers :execrows
DELETE FROM soap_call WHERE seq IN (SELECT c.seq FROM soap_call c WHERE c.account_id = '' AND c.at_minute < $1 ORDER BY c.at_minute, c.seq LIMIT $2);
