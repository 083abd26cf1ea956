-- name: InsertCertificate :execrows
INSERT INTO service_certificate (id, membership_id, der, added_at, fingerprint, thumbprint, key_id, serial, public_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (fingerprint) DO NOTHING;

-- name: CertificatesOf :many
SELECT * FROM service_certificate WHERE membership_id = $1 ORDER BY id;

-- name: CertificatesNamed :many
SELECT * FROM service_certificate
WHERE fingerprint = sqlc.arg(name) OR thumbprint = sqlc.arg(name) OR key_id = sqlc.arg(name) OR serial = sqlc.arg(name)
    OR public_key = sqlc.arg(name)
ORDER BY id
LIMIT sqlc.arg(most);

-- name: DeleteCertificate :exec
DELETE FROM service_certificate WHERE id = $1;

-- name: Allowance :one
SELECT content FROM service_allowance WHERE membership_id = $1;

-- name: SetAllowance :exec
INSERT INTO service_allowance (membership_id, content) VALUES ($1, $2)
ON CONFLICT (membership_id) DO UPDATE SET content = excluded.content;

-- name: LoginSuccess :one
SELECT last_at FROM login_success WHERE key = $1;

-- name: NoteLoginSuccess :exec
INSERT INTO login_success (key, last_at) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET last_at = excluded.last_at;

-- name: DeleteLoginSuccesses :exec
DELETE FROM login_success WHERE last_at < $1;
