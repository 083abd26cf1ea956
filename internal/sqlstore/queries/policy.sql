-- name: PolicyVersion :one
SELECT version FROM policy_version WHERE one = 1;

-- name: BumpPolicy :one
UPDATE policy_version SET version = version + 1 WHERE one = 1 RETURNING version;

-- LockPolicy makes other writers of the policy wait until the transaction has ended.
-- name: LockPolicy :exec
UPDATE policy_version SET version = version WHERE one = 1;

-- name: InsertPolicyChange :exec
INSERT INTO policy_change (version, subject) VALUES ($1, $2) ON CONFLICT (version, subject) DO NOTHING;

-- name: PolicyChanges :many
SELECT version, subject FROM policy_change WHERE version > sqlc.arg(after) AND version <= sqlc.arg(up_to) ORDER BY version, subject;

-- name: InsertPermission :exec
INSERT INTO permission (id, who, category, action, given_by, under_id, ends_on, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: UpdatePermission :one
UPDATE permission SET given_by = $2, under_id = $3, ends_on = $4 WHERE id = $1 RETURNING who;

-- name: DeletePermission :one
DELETE FROM permission WHERE id = $1 RETURNING who;

-- name: PermissionByID :one
SELECT * FROM permission WHERE id = $1;

-- name: PermissionsTo :many
SELECT * FROM permission WHERE who = $1 ORDER BY id;

-- name: PermissionsGivenBy :many
SELECT * FROM permission WHERE given_by = CAST(sqlc.arg(giver) AS TEXT) ORDER BY id;

-- PermissionsUnder is a grant with everything that hangs under it.
-- name: PermissionsUnder :many
WITH RECURSIVE below (id) AS (
    SELECT p.id FROM permission p WHERE p.id = sqlc.arg(id)
    UNION ALL
    SELECT p.id FROM permission p JOIN below b ON p.under_id = b.id
)
SELECT p.* FROM permission p JOIN below b ON p.id = b.id ORDER BY p.id;

-- PermissionsReaching are those that reach a membership, whether it may act or not.
-- name: PermissionsReaching :many
WITH RECURSIVE
me (name, group_id) AS (
    SELECT CAST('member:' || a.email || '/' || g.code AS TEXT), m.group_id
    FROM membership m JOIN account a ON a.id = m.account_id JOIN org_group g ON g.id = m.group_id
    WHERE m.id = sqlc.arg(membership)
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
SELECT p.* FROM permission p JOIN chain ON p.who = chain.name ORDER BY p.id;

-- PermissionsWithin are those to a group, to any below it, and to their people.
-- name: PermissionsWithin :many
WITH RECURSIVE
below (id, code) AS (
    SELECT g.id, g.code FROM org_group g WHERE g.id = sqlc.arg(group_id)
    UNION ALL
    SELECT g.id, g.code FROM org_group g JOIN below b ON g.parent_id = b.id
),
names (name) AS (
    SELECT CAST('group:' || b.code AS TEXT) FROM below b
    UNION
    SELECT CAST('tree:' || b.code AS TEXT) FROM below b
    UNION
    SELECT CAST('member:' || a.email || '/' || b.code AS TEXT)
    FROM below b JOIN membership m ON m.group_id = b.id JOIN account a ON a.id = m.account_id
)
SELECT p.* FROM permission p JOIN names ON p.who = names.name ORDER BY p.id;

-- CategoriesWithin are the categories of PermissionsWithin, as they stand in grants.
-- name: CategoriesWithin :many
WITH RECURSIVE
below (id, code) AS (
    SELECT g.id, g.code FROM org_group g WHERE g.id = sqlc.arg(group_id)
    UNION ALL
    SELECT g.id, g.code FROM org_group g JOIN below b ON g.parent_id = b.id
),
names (name) AS (
    SELECT CAST('group:' || b.code AS TEXT) FROM below b
    UNION
    SELECT CAST('tree:' || b.code AS TEXT) FROM below b
    UNION
    SELECT CAST('member:' || a.email || '/' || b.code AS TEXT)
    FROM below b JOIN membership m ON m.group_id = b.id JOIN account a ON a.id = m.account_id
)
SELECT DISTINCT p.category FROM permission p JOIN names ON p.who = names.name ORDER BY p.category;

-- Lineage is a group and those above it, the nearest first.
-- name: Lineage :many
WITH RECURSIVE above (id, depth) AS (
    SELECT g.id, CAST(0 AS BIGINT) FROM org_group g WHERE g.id = sqlc.arg(group_id)
    UNION ALL
    SELECT g.parent_id, above.depth + 1 FROM org_group g JOIN above ON g.id = above.id WHERE g.parent_id IS NOT NULL
)
SELECT g.* FROM org_group g JOIN above ON g.id = above.id ORDER BY above.depth;

-- LookedAfter counts the live licenses that a membership ordered, by category.
-- name: LookedAfter :many
SELECT c.code, COUNT(*) AS licenses
FROM customer_order o JOIN license l ON l.order_id = o.id JOIN category c ON c.id = l.category_id
WHERE o.created_by = CAST(sqlc.arg(membership) AS TEXT) AND l.state = 'active' AND (l.expires_at IS NULL OR l.expires_at > sqlc.arg(now))
GROUP BY c.code ORDER BY c.code;

-- LookedAfterIn is LookedAfter for everybody whose membership is within sight.
-- name: LookedAfterIn :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT m.id, c.code, COUNT(*) AS licenses
FROM sight JOIN membership m ON m.group_id = sight.id JOIN customer_order o ON o.created_by = m.id JOIN license l ON l.order_id = o.id
    JOIN category c ON c.id = l.category_id
WHERE l.state = 'active' AND (l.expires_at IS NULL OR l.expires_at > sqlc.arg(now))
GROUP BY m.id, c.code ORDER BY m.id, c.code;

-- PolicyLines is one statement, so that version, business clock and lines are of one moment.
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
SELECT CAST('v' AS TEXT) AS kind, CAST(v.version AS TEXT) AS a, CAST('' AS TEXT) AS b, CAST('' AS TEXT) AS c, CAST('' AS TEXT) AS d, CAST('' AS TEXT) AS e
FROM policy_version v
UNION ALL
SELECT CAST('s' AS TEXT), s.name, s.value, CAST('' AS TEXT), CAST('' AS TEXT), CAST('' AS TEXT) FROM setting s WHERE s.name IN ('clock.offset', 'zone')
UNION ALL
SELECT CAST('g' AS TEXT), CAST('membership:' || me.id AS TEXT), me.name, CAST('' AS TEXT), CAST('' AS TEXT), CAST('' AS TEXT) FROM me
UNION ALL
SELECT CAST('g' AS TEXT), me.name, CAST('group:' || g.code AS TEXT), CAST('' AS TEXT), CAST('' AS TEXT), CAST('' AS TEXT) FROM me JOIN org_group g ON g.id = me.group_id
UNION ALL
SELECT CAST('g' AS TEXT), CAST('group:' || g.code AS TEXT), CAST('tree:' || g.code AS TEXT), CAST('' AS TEXT), CAST('' AS TEXT), CAST('' AS TEXT) FROM me JOIN org_group g ON g.id = me.group_id
UNION ALL
SELECT CAST('g' AS TEXT), CAST('tree:' || above.code AS TEXT), CAST('tree:' || p.code AS TEXT), CAST('' AS TEXT), CAST('' AS TEXT), CAST('' AS TEXT)
FROM above JOIN org_group p ON p.id = above.parent_id
UNION ALL
SELECT CAST('p' AS TEXT), p.who, p.category, p.action, p.id, p.ends_on FROM permission p JOIN chain ON p.who = chain.name;
