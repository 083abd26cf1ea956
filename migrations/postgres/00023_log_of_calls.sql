-- +goose Up

SET LOCAL statement_timeout = 0; -- of many rows each of these takes as long as it takes

-- A call that was refused before anybody was known, and named an account, is still nobody's: it has that account's group, by
-- which admins find it, and no account.
ALTER TABLE soap_call ADD COLUMN named_id TEXT COLLATE "C" NOT NULL DEFAULT ''; -- the account that it named; '' without
ALTER TABLE soap_call ADD COLUMN named_home BOOLEAN NOT NULL DEFAULT FALSE; -- from an address that account came in from lately
CREATE INDEX soap_call_named ON soap_call (named_id, named_home, seq) WHERE named_id <> '';

-- What was tried in the console counts against no limit, and in no use. The index has all that an account's use is counted by.
ALTER TABLE soap_call ADD COLUMN console BOOLEAN NOT NULL DEFAULT FALSE;
DROP INDEX soap_call_account;
CREATE INDEX soap_call_account ON soap_call (account_id, at_minute, outcome, console);

-- Of many calls few ask for some of the operations; those of one that few ask for are found by this.
CREATE INDEX soap_call_operation ON soap_call (operation);

-- +goose Down
DROP INDEX soap_call_operation;
DROP INDEX soap_call_account;
CREATE INDEX soap_call_account ON soap_call (account_id, at_minute, outcome);
ALTER TABLE soap_call DROP COLUMN console;
DROP INDEX soap_call_named;
ALTER TABLE soap_call DROP COLUMN named_home;
ALTER TABLE soap_call DROP COLUMN named_id;
