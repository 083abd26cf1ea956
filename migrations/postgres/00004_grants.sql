-- +goose Up

-- The last day that a grant allows something on, in the ISV's zone; '' for no end.
ALTER TABLE permission ADD COLUMN ends_on TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX permission_giver ON permission (given_by);
-- Whose licenses somebody looks after: those that he ordered.
CREATE INDEX customer_order_creator ON customer_order (created_by);

-- +goose Down
DROP INDEX customer_order_creator;
DROP INDEX permission_giver;
ALTER TABLE permission DROP COLUMN ends_on;
