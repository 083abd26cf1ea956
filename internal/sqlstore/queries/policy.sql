-- name: PolicyVersion :one
SELECT version FROM policy_version WHERE one = 1;

-- name: BumpPolicy :one
UPDATE policy_version SET version = version + 1 WHERE one = 1 RETURNING version;

-- name: InsertPolicyChange :exec
INSERT INTO policy_change (version, subject) VALUES ($1, $2) ON CONFLICT (version, subject) DO NOTHING;

-- name: PolicyChanges :many
SELECT version, subject FROM policy_change WHERE version > sqlc.arg(after) AND version <= sqlc.arg(up_to) ORDER BY version, subject;

-- name: InsertPermission :exec
INSERT INTO permission (id, who, category, action, given_by, under_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: DeletePermission :one
DELETE FROM permission WHERE id = $1 RETURNING who;

-- name: PermissionByID :one
SELECT * FROM permission WHERE id = $1;

-- PolicyLines is one statement, so that version and lines are of one moment.
-- name: PolicyLines :many
WITH RECURSIVE
me (id, name, group_id) AS (
    SELECT m.id, CAST('member:' || a.email || '/' || g.code AS TEXT), m.group_id
    FROM membership m JOIN account a ON a.id = m.account_id JOIN org_group g ON g.id = m.group_id
    WHERE m.id = sqlc.arg(membership) AND NOT m.suspended AND m.removed_at IS NULL
),
above (id, parent_id, code) AS (
    SELECT g.id, g.parent_id, g.code FROM org_group g JOIN me ON g.id = me.group_id
    UNION ALL
    SELECT p.id, p.parent_id, p.code FROM org_group p JOIN above ON p.id = above.parent_id
),
chain (name) AS (
    SELECT me.name FROM me
    UNION ALL
    SELECT CAST('group:' || g.code AS TEXT) FROM org_group g JOIN me ON g.id = me.group_id
    UNION ALL
    SELECT CAST('tree:' || above.code AS TEXT) FROM above
)
SELECT CAST('v' AS TEXT) AS kind, CAST(v.version AS TEXT) AS a, CAST('' AS TEXT) AS b, CAST('' AS TEXT) AS c, CAST('' AS TEXT) AS d
FROM policy_version v
UNION ALL
SELECT CAST('g' AS TEXT), CAST('membership:' || me.id AS TEXT), me.name, CAST('' AS TEXT), CAST('' AS TEXT) FROM me
UNION ALL
SELECT CAST('g' AS TEXT), me.name, CAST('group:' || g.code AS TEXT), CAST('' AS TEXT), CAST('' AS TEXT) FROM me JOIN org_group g ON g.id = me.group_id
UNION ALL
SELECT CAST('g' AS TEXT), CAST('group:' || g.code AS TEXT), CAST('tree:' || g.code AS TEXT), CAST('' AS TEXT), CAST('' AS TEXT) FROM me JOIN org_group g ON g.id = me.group_id
UNION ALL
SELECT CAST('g' AS TEXT), CAST('tree:' || above.code AS TEXT), CAST('tree:' || p.code AS TEXT), CAST('' AS TEXT), CAST('' AS TEXT)
FROM above JOIN org_group p ON p.id = above.parent_id
UNION ALL
SELECT CAST('p' AS TEXT), p.who, p.category, p.action, p.id FROM permission p JOIN chain ON p.who = chain.name;
