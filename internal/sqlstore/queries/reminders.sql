-- name: PlanReminder :exec
INSERT INTO reminder_due (subscription_id, due_at, from_day) VALUES ($1, $2, $3)
ON CONFLICT (subscription_id) DO UPDATE SET due_at = excluded.due_at, from_day = excluded.from_day;

-- name: DropReminder :exec
DELETE FROM reminder_due WHERE subscription_id = $1;

-- name: ReplanReminder :execrows
UPDATE reminder_due SET due_at = sqlc.arg(due_at), from_day = sqlc.arg(from_day)
WHERE subscription_id = sqlc.arg(subscription_id) AND from_day = sqlc.arg(read_day);

-- name: DropReminderIf :execrows
DELETE FROM reminder_due WHERE subscription_id = sqlc.arg(subscription_id) AND from_day = sqlc.arg(read_day);

-- name: DueReminders :many
SELECT s.license_id FROM reminder_due d JOIN subscription s ON s.id = d.subscription_id
WHERE d.due_at <= $1 ORDER BY d.due_at, d.subscription_id LIMIT $2;

-- name: ReminderFrom :one
SELECT from_day FROM reminder_due WHERE subscription_id = $1;

-- name: InsertReminder :execrows
INSERT INTO reminder (subscription_id, number, days, sent_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (subscription_id, number, days) DO NOTHING;

-- name: OrderedBy :one
SELECT created_by FROM customer_order WHERE id = $1;
