-- +goose Up

SET LOCAL statement_timeout = 0; -- of many rows each of these takes as long as it takes

-- Whether a change is of a test, so that a system that follows need not read what it does not book. An order's number is K, its
-- year, a dash, and 10,000 more than its place.
ALTER TABLE change_entry ADD COLUMN test BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE change_entry SET test = TRUE
WHERE CAST(SUBSTR(order_number, 5) AS BIGINT) - 10000 IN (SELECT o.seq FROM customer_order o WHERE o.test);

-- +goose Down
ALTER TABLE change_entry DROP COLUMN test;
