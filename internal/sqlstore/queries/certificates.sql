-- name: InsertCertificate :execrows
INSERT INTO service_certificate (id, membership_id, der, added_at, fingerprint, thumbprint, key_id, serial)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (fingerprint) DO NOTHING;

-- name: CertificatesOf :many
SELECT * FROM service_certificate WHERE membership_id = $1 ORDER BY id;

-- name: CertificatesNamed :many
SELECT * FROM service_certificate
WHERE fingerprint = sqlc.arg(name) OR thumbprint = sqlc.arg(name) OR key_id = sqlc.arg(name) OR serial = sqlc.arg(name)
ORDER BY id
LIMIT sqlc.arg(most);

-- name: DeleteCertificate :exec
DELETE FROM service_certificate WHERE id = $1;
