-- name: InsertSubscription :exec
INSERT INTO subscription (id, license_id, plan, state, last_number, last_start, last_end, cancel_by, due_at, unit_minor, unit_currency, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1);

-- name: InsertPeriod :execrows
INSERT INTO period (subscription_id, number, start_date, end_date, cancel_by, outcome, units, amount_minor, currency)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (subscription_id, number) DO NOTHING;

-- name: SetPeriodOutcome :exec
UPDATE period SET outcome = $3 WHERE subscription_id = $1 AND number = $2;

-- name: PeriodsOf :many
SELECT number, start_date, end_date, cancel_by, outcome, units, amount_minor, currency FROM period WHERE subscription_id = $1 ORDER BY number;

-- name: UpdateSubscription :execrows
UPDATE subscription SET state = $3, last_number = $4, last_start = $5, last_end = $6, cancel_by = $7, due_at = $8,
    cancelled_at = $9, revoked_on = $10, coming = $11, early_end = $12, version = version + 1
WHERE id = $1 AND version = $2;

-- name: PostponeSubscription :execrows
UPDATE subscription SET due_at = $3 WHERE id = $1 AND version = $2 AND due_at < $3;

-- name: DueSubscriptions :many
SELECT license_id FROM subscription WHERE due_at IS NOT NULL AND due_at <= $1 ORDER BY due_at, id LIMIT $2;

-- name: InsertCharge :exec
INSERT INTO charge (id, subscription_id, period, from_date, until_date, units, amount_minor, currency, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: ChargesOf :many
SELECT id, period, from_date, until_date, units, amount_minor, currency, created_at FROM charge
WHERE subscription_id = $1 ORDER BY created_at, id;
