-- name: InsertInvitation :exec
INSERT INTO invitation (id, group_id, email, role, invited_by, token_hash, state, created_at, expires_at, version, mail_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10);

-- name: InvitationByID :one
SELECT i.*, g.code AS group_code, g.name AS group_name, COALESCE(v.account_name, '') AS inviter_name
FROM invitation i JOIN org_group g ON g.id = i.group_id LEFT JOIN membership_view v ON v.id = i.invited_by
WHERE i.id = $1;

-- name: InvitationByToken :one
SELECT i.*, g.code AS group_code, g.name AS group_name, COALESCE(v.account_name, '') AS inviter_name
FROM invitation i JOIN org_group g ON g.id = i.group_id LEFT JOIN membership_view v ON v.id = i.invited_by
WHERE i.token_hash = $1;

-- name: OpenInvitation :one
SELECT i.*, g.code AS group_code, g.name AS group_name, COALESCE(v.account_name, '') AS inviter_name
FROM invitation i JOIN org_group g ON g.id = i.group_id LEFT JOIN membership_view v ON v.id = i.invited_by
WHERE i.group_id = $1 AND i.email = $2 AND i.state = 'open';

-- name: CountInvitationsOf :one
SELECT count(*) FROM invitation WHERE email = $1 AND state = 'open' AND expires_at > $2;

-- InvitationsIn reads of each row's inviter and mail what a list says of them. Sights are read upward, from the groups of
-- the page alone, because a tree is broader than it is deep.
-- name: InvitationsIn :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
),
page (id, group_id, inviter_group) AS (
    SELECT i.id, i.group_id, m.group_id
    FROM invitation i JOIN sight ON sight.id = i.group_id LEFT JOIN membership m ON m.id = i.invited_by
    WHERE i.state = 'open'
    ORDER BY i.id DESC
    LIMIT sqlc.arg(most)
),
start (id) AS (
    SELECT page.group_id FROM page
    UNION
    SELECT page.inviter_group FROM page WHERE page.inviter_group IS NOT NULL
),
up (start, id) AS (
    SELECT start.id, start.id FROM start
    UNION
    SELECT up.start, g.parent_id FROM up JOIN org_group g ON g.id = up.id WHERE g.parent_id IS NOT NULL
)
SELECT i.*, g.code AS group_code, g.name AS group_name, COALESCE(v.account_name, '') AS inviter_name,
    CAST(CASE WHEN v.role = 'admin' AND NOT v.suspended AND v.removed_at IS NULL THEN 1 ELSE 0 END AS BIGINT) AS inviter_admin,
    CAST(CASE WHEN above.id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS inviter_above,
    CAST(CASE WHEN seen.id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS inviter_seen,
    COALESCE(mail.state, '') AS mail_state, COALESCE(mail.tries, 0) AS mail_tries, COALESCE(mail.last_error, '') AS mail_error,
    mail.next_try AS mail_next, mail.updated_at AS mail_at
FROM page JOIN invitation i ON i.id = page.id JOIN org_group g ON g.id = i.group_id
LEFT JOIN membership_view v ON v.id = i.invited_by
LEFT JOIN up above ON above.start = i.group_id AND above.id = v.group_id
LEFT JOIN up seen ON seen.start = v.group_id AND seen.id = CAST(sqlc.arg(reader) AS TEXT)
LEFT JOIN mail_message mail ON mail.id = i.mail_id
ORDER BY i.id DESC;

-- name: CountInvitations :one
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT COUNT(*) FROM invitation i JOIN sight ON sight.id = i.group_id WHERE i.state = 'open';

-- name: UpdateInvitation :execrows
UPDATE invitation SET state = $3, token_hash = $4, expires_at = $5, mail_id = $6, invited_by = $7, version = version + 1
WHERE id = $1 AND version = $2;
