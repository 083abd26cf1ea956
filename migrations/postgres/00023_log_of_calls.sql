-- +goose Up

-- A call that was refused before anybody was known, and named an account, is still nobody's: it has that account's group, by
-- which admins find it, and no account.
ALTER TABLE soap_call ADD COLUMN named_id TEXT COLLATE "C" NOT NULL DEFAULT ''; -- the account that it named; '' without
ALTER TABLE soap_call ADD COLUMN named_home BOOLEAN NOT NULL DEFAULT FALSE; -- from an address that account came in from lately
CREATE INDEX soap_call_named ON soap_call (named_id, named_home, seq) WHERE named_id <> '';

-- +goose Down
DROP INDEX soap_call_named;
ALTER TABLE soap_call DROP COLUMN named_home;
ALTER TABLE soap_call DROP COLUMN named_id;
