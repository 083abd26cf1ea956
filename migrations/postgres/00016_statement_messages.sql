-- +goose Up

-- A message is about an order or about a closed statement.
ALTER TABLE message ALTER COLUMN order_id DROP NOT NULL;
ALTER TABLE message ADD COLUMN statement_id TEXT COLLATE "C" REFERENCES statement (id);
ALTER TABLE message ADD CONSTRAINT message_about CHECK ((order_id IS NULL) <> (statement_id IS NULL));
CREATE INDEX message_statement ON message (statement_id) WHERE statement_id IS NOT NULL;
-- Every page shows what is not accepted yet: few among all.
CREATE INDEX message_not_accepted ON message (id) WHERE state <> 'accepted';

-- +goose Down
DELETE FROM message_try WHERE message_id IN (SELECT id FROM message WHERE order_id IS NULL);
DELETE FROM message WHERE order_id IS NULL;
DROP INDEX message_not_accepted;
ALTER TABLE message DROP COLUMN statement_id;
ALTER TABLE message ALTER COLUMN order_id SET NOT NULL;
