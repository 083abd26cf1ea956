-- +goose Up

-- When the clock next looks whether to remind of a subscription's last day to cancel; no row: never, as it stands.
CREATE TABLE reminder_due (
    subscription_id TEXT PRIMARY KEY REFERENCES subscription (id),
    due_at          DATETIME NOT NULL,
    from_day        TEXT NOT NULL -- reminders of days before it are past; '': before the day on which it is looked at
);
CREATE INDEX reminder_due_at ON reminder_due (due_at, subscription_id);

-- What was sent, once for each period and number of days.
CREATE TABLE reminder (
    subscription_id TEXT NOT NULL REFERENCES subscription (id),
    number          BIGINT NOT NULL,      -- the period's
    days            BIGINT NOT NULL,      -- before its last day to cancel
    sent_at         DATETIME NOT NULL, -- business clock
    PRIMARY KEY (subscription_id, number, days)
);

-- The sweep looks at what was there before, and finds out when.
INSERT INTO reminder_due (subscription_id, due_at, from_day)
SELECT id, due_at, '' FROM subscription WHERE state = 'active' AND due_at IS NOT NULL;
UPDATE reminder_due SET due_at = '2000-01-01 00:00:00+00:00';

-- +goose Down
DROP TABLE reminder;
DROP TABLE reminder_due;
