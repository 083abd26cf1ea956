-- +goose Up

-- Forecasts walk the subscriptions that have not ended, of everybody or of a group.
CREATE INDEX license_list_running ON license_list (seq) WHERE subscription IN ('active', 'cancelled');
CREATE INDEX license_list_group_running ON license_list (group_id, seq) WHERE subscription IN ('active', 'cancelled');

-- +goose Down
DROP INDEX license_list_group_running;
DROP INDEX license_list_running;
