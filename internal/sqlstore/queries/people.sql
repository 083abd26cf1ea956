-- name: GroupByID :one
SELECT * FROM org_group WHERE id = $1;

-- name: UpdateGroup :execrows
UPDATE org_group SET name = $3, address = $4, contact_name = $5, contact_email = $6, contact_phone = $7, brand_title = $8, brand_color = $9,
    folded = $10, version = version + 1
WHERE id = $1 AND version = $2;

-- name: SetParent :execrows
UPDATE org_group SET parent_id = $2, version = version + 1 WHERE id = $1;

-- GroupsIn lists a group, and all below it when asked, in no order that means anything.
-- name: GroupsIn :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT g.* FROM org_group g JOIN sight ON sight.id = g.id;

-- name: CountPeople :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT m.group_id, CAST(SUM(CASE WHEN m.role = 'service' THEN 0 ELSE 1 END) AS BIGINT) AS people,
    CAST(SUM(CASE WHEN m.role = 'service' THEN 1 ELSE 0 END) AS BIGINT) AS services
FROM membership m JOIN sight ON sight.id = m.group_id
WHERE m.removed_at IS NULL
GROUP BY m.group_id;

-- name: CountLive :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT l.group_id, COUNT(*) AS licenses
FROM license l JOIN sight ON sight.id = l.group_id
WHERE l.state = 'active' AND (l.expires_at IS NULL OR l.expires_at > sqlc.arg(now))
GROUP BY l.group_id;

-- name: AccountByID :one
SELECT * FROM account WHERE id = $1;

-- name: SetPasswordHash :exec
UPDATE account SET password_hash = $2 WHERE id = $1;

-- name: MembershipIn :one
SELECT * FROM membership_view WHERE account_id = $1 AND group_id = $2;

-- name: UpdateMembership :execrows
UPDATE membership SET role = $3, suspended = $4, removed_at = $5, version = version + 1
WHERE id = $1 AND version = $2;

-- name: ListPeopleUp :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
),
keyed (id, key) AS (
    SELECT m.id, CASE CAST(sqlc.arg(sort) AS TEXT) WHEN 'email' THEN m.email WHEN 'group' THEN m.group_folded || '/' || m.search WHEN 'since' THEN m.id ELSE m.search END
    FROM membership_view m JOIN sight ON sight.id = m.group_id
    WHERE m.removed_at IS NULL
      AND (CAST(sqlc.arg(pattern) AS TEXT) = '' OR m.search LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
      AND CASE WHEN CAST(sqlc.arg(role) AS TEXT) = '' THEN m.role <> 'service' ELSE m.role = CAST(sqlc.arg(role) AS TEXT) END
      AND (CAST(sqlc.arg(state) AS TEXT) = '' OR m.suspended = (CAST(sqlc.arg(state) AS TEXT) = 'suspended'))
),
last (id, key) AS (
    SELECT m.id, CASE CAST(sqlc.arg(sort) AS TEXT) WHEN 'email' THEN m.email WHEN 'group' THEN m.group_folded || '/' || m.search WHEN 'since' THEN m.id ELSE m.search END
    FROM membership_view m WHERE m.id = CAST(sqlc.arg(after) AS TEXT)
)
SELECT v.* FROM keyed k JOIN membership_view v ON v.id = k.id
WHERE CAST(sqlc.arg(after) AS TEXT) = ''
   OR EXISTS (SELECT 1 FROM last WHERE k.key > last.key OR (k.key = last.key AND k.id > last.id))
ORDER BY k.key, k.id
LIMIT sqlc.arg(most);

-- name: ListPeopleDown :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
),
keyed (id, key) AS (
    SELECT m.id, CASE CAST(sqlc.arg(sort) AS TEXT) WHEN 'email' THEN m.email WHEN 'group' THEN m.group_folded || '/' || m.search WHEN 'since' THEN m.id ELSE m.search END
    FROM membership_view m JOIN sight ON sight.id = m.group_id
    WHERE m.removed_at IS NULL
      AND (CAST(sqlc.arg(pattern) AS TEXT) = '' OR m.search LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
      AND CASE WHEN CAST(sqlc.arg(role) AS TEXT) = '' THEN m.role <> 'service' ELSE m.role = CAST(sqlc.arg(role) AS TEXT) END
      AND (CAST(sqlc.arg(state) AS TEXT) = '' OR m.suspended = (CAST(sqlc.arg(state) AS TEXT) = 'suspended'))
),
last (id, key) AS (
    SELECT m.id, CASE CAST(sqlc.arg(sort) AS TEXT) WHEN 'email' THEN m.email WHEN 'group' THEN m.group_folded || '/' || m.search WHEN 'since' THEN m.id ELSE m.search END
    FROM membership_view m WHERE m.id = CAST(sqlc.arg(after) AS TEXT)
)
SELECT v.* FROM keyed k JOIN membership_view v ON v.id = k.id
WHERE CAST(sqlc.arg(after) AS TEXT) = ''
   OR EXISTS (SELECT 1 FROM last WHERE k.key < last.key OR (k.key = last.key AND k.id < last.id))
ORDER BY k.key DESC, k.id DESC
LIMIT sqlc.arg(most);

-- name: CountListed :one
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT COUNT(*) FROM membership_view m JOIN sight ON sight.id = m.group_id
WHERE m.removed_at IS NULL
  AND (CAST(sqlc.arg(pattern) AS TEXT) = '' OR m.search LIKE CAST(sqlc.arg(pattern) AS TEXT) ESCAPE '\')
  AND CASE WHEN CAST(sqlc.arg(role) AS TEXT) = '' THEN m.role <> 'service' ELSE m.role = CAST(sqlc.arg(role) AS TEXT) END
  AND (CAST(sqlc.arg(state) AS TEXT) = '' OR m.suspended = (CAST(sqlc.arg(state) AS TEXT) = 'suspended'));

-- name: ServiceAccountsIn :many
WITH RECURSIVE sight (id) AS (
    SELECT g.id FROM org_group g WHERE g.id = sqlc.arg(own)
    UNION ALL
    SELECT g.id FROM org_group g JOIN sight ON g.parent_id = sight.id WHERE CAST(sqlc.arg(below) AS BOOLEAN)
)
SELECT v.* FROM membership_view v JOIN sight ON sight.id = v.group_id
WHERE v.role = 'service' AND v.removed_at IS NULL
ORDER BY v.search, v.id;

-- name: CountAdmins :one
SELECT COUNT(*) FROM membership WHERE group_id = $1 AND role = 'admin' AND NOT suspended AND removed_at IS NULL;

-- name: HistoryWithin :many
SELECT at, by_name, by_group, action, detail FROM audit WHERE object = sqlc.arg(object) OR parent = sqlc.arg(object) ORDER BY id DESC LIMIT sqlc.arg(most);

-- name: UnfoldedGroups :many
SELECT id, name FROM org_group WHERE folded = '' AND name <> '';

-- name: FoldGroup :exec
UPDATE org_group SET folded = $2 WHERE id = $1;

-- name: UnfoldedAccounts :many
SELECT id, name, email FROM account WHERE search = '';

-- name: FoldAccount :exec
UPDATE account SET search = $2 WHERE id = $1;
