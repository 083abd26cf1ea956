-- name: InsertCertificate :execrows
INSERT INTO service_certificate (id, membership_id, der, added_at, fingerprint, thumbprint, key_id, serial, public_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (fingerprint) DO NOTHING;

-- name: CertificatesOf :many
SELECT * FROM service_certificate WHERE membership_id = $1 ORDER BY id;

-- name: CertificatesNamed :many
SELECT c.* FROM service_certificate c JOIN membership m ON m.id = c.membership_id
WHERE (c.fingerprint = sqlc.arg(name) OR c.thumbprint = sqlc.arg(name) OR c.key_id = sqlc.arg(name) OR c.serial = sqlc.arg(name)
    OR c.public_key = sqlc.arg(name)) AND m.removed_at IS NULL
ORDER BY c.id
LIMIT sqlc.arg(most);

-- name: FreeCertificate :exec
DELETE FROM service_certificate
WHERE fingerprint = $1 AND membership_id IN (SELECT m.id FROM membership m WHERE m.removed_at IS NOT NULL);

-- name: DeleteCertificate :exec
DELETE FROM service_certificate WHERE id = $1;

-- name: SetAllowance :exec
INSERT INTO service_allowance (membership_id, content) VALUES ($1, $2)
ON CONFLICT (membership_id) DO UPDATE SET content = excluded.content;

-- name: HeldTo :one
SELECT CAST(COALESCE(a.content, '') AS TEXT) AS allowance, CAST(COALESCE(s.content, '') AS TEXT) AS sandbox, CAST(COALESCE(s.calls_left, 0) AS BIGINT) AS calls_left
FROM membership m LEFT JOIN service_allowance a ON a.membership_id = m.id LEFT JOIN service_sandbox s ON s.membership_id = m.id
WHERE m.id = $1;

-- name: SetSandbox :exec
INSERT INTO service_sandbox (membership_id, id, content, calls_left) VALUES ($1, $2, $3, $4)
ON CONFLICT (membership_id) DO UPDATE SET id = excluded.id, content = excluded.content, calls_left = excluded.calls_left;

-- name: UseSandbox :execrows
UPDATE service_sandbox SET calls_left = calls_left - 1 WHERE membership_id = $1 AND id = $2 AND calls_left > 0;

-- name: LoginSuccess :one
SELECT last_at FROM login_success WHERE key = $1;

-- name: NoteLoginSuccess :exec
INSERT INTO login_success (key, last_at) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET last_at = excluded.last_at;

-- name: DeleteLoginSuccesses :exec
DELETE FROM login_success WHERE last_at < $1;
