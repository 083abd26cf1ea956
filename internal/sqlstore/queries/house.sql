-- name: ClaimRequest :execrows
INSERT INTO request (account, id, fingerprint, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (account, id) DO NOTHING;

-- name: RequestByID :one
SELECT fingerprint, answer FROM request WHERE account = $1 AND id = $2;

-- name: StoreAnswer :exec
UPDATE request SET answer = $3 WHERE account = $1 AND id = $2;

-- name: Setting :one
SELECT value FROM setting WHERE name = $1;

-- name: SetSetting :exec
INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: CountGroups :one
SELECT COUNT(*) FROM org_group;

-- name: HouseClock :many
SELECT name, value FROM setting WHERE name IN ('clock.offset', 'zone');
