-- name: InsertGroup :exec
INSERT INTO org_group (id, parent_id, code, name, created_at, address, contact_name, contact_email, contact_phone, brand_title, brand_color, folded)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- name: GroupByCode :one
SELECT * FROM org_group WHERE code = $1;

-- name: RootGroup :one
SELECT * FROM org_group WHERE parent_id IS NULL;

-- name: InSight :one
WITH RECURSIVE above (id, parent_id) AS (
    SELECT g.id, g.parent_id FROM org_group g WHERE g.id = sqlc.arg(target)
    UNION ALL
    SELECT p.id, p.parent_id FROM org_group p JOIN above a ON p.id = a.parent_id
)
SELECT COUNT(*) FROM above WHERE id = CAST(sqlc.arg(own) AS TEXT);

-- name: InsertAccount :exec
INSERT INTO account (id, email, name, password_hash, created_at, search) VALUES ($1, $2, $3, $4, $5, $6);

-- name: AccountByEmail :one
SELECT * FROM account WHERE email = $1;

-- name: InsertMembership :exec
INSERT INTO membership (id, account_id, group_id, role, suspended, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: MembershipByID :one
SELECT * FROM membership_view
WHERE id = $1;

-- name: MembershipsOf :many
SELECT * FROM membership_view
WHERE account_id = $1 AND removed_at IS NULL
ORDER BY created_at, id;

-- name: AdminsOf :many
SELECT * FROM membership_view
WHERE group_id = $1 AND role = 'admin' AND NOT suspended AND removed_at IS NULL
ORDER BY account_name, id;

-- name: ServiceAccount :one
SELECT * FROM membership_view
WHERE email = $1 AND role = 'service' AND secret IS NOT NULL AND removed_at IS NULL;

-- name: SetServiceSecret :exec
UPDATE membership SET secret = $2, secret_at = $3, old_secret = NULL, old_until = NULL, version = version + 1 WHERE id = $1;

-- name: ReplaceServiceSecrets :execrows
UPDATE membership SET secret = $3, secret_at = $4, old_secret = $5, old_until = $6, version = version + 1 WHERE id = $1 AND version = $2;

-- name: LoginFailures :one
SELECT failures, last_at FROM login_failure WHERE key = $1;

-- name: NoteLoginFailure :exec
INSERT INTO login_failure (key, failures, last_at) VALUES ($1, 1, $2)
ON CONFLICT (key) DO UPDATE SET failures = login_failure.failures + 1, last_at = excluded.last_at;

-- name: DeleteLoginFailures :exec
DELETE FROM login_failure WHERE last_at < $1;

-- name: ForgetLoginFailures :exec
DELETE FROM login_failure WHERE key = $1;

-- name: InsertNonce :execrows
INSERT INTO nonce (nonce, expires_at) VALUES ($1, $2) ON CONFLICT (nonce) DO NOTHING;

-- name: DeleteNonces :exec
DELETE FROM nonce WHERE expires_at < $1;
