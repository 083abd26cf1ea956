-- name: InsertMail :exec
INSERT INTO mail_message (id, recipient, subject, content, state, next_try, created_at, updated_at) VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $6);

-- name: MailByID :one
SELECT * FROM mail_message WHERE id = $1;

-- ClaimMail counts a try. Whoever comes second finds the next try in the future.
-- name: ClaimMail :one
UPDATE mail_message SET tries = tries + 1, next_try = sqlc.arg(lost), updated_at = sqlc.arg(now)
WHERE id = sqlc.arg(id) AND state = 'waiting' AND next_try <= sqlc.arg(now)
RETURNING *;

-- name: FinishMail :execrows
UPDATE mail_message SET state = $3, last_error = $4, next_try = $5, updated_at = $6
WHERE id = $1 AND tries = $2 AND state = 'waiting';

-- name: OverdueMails :many
SELECT id FROM mail_message WHERE state = 'waiting' AND next_try < $1 ORDER BY next_try LIMIT $2;
