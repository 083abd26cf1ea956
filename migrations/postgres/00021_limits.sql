-- +goose Up

-- How often an account called in the newest minute and the newest day that it called in, and how many licenses it created in
-- the newest day. They stand apart, so that calls do not wait for an order that is being created.
CREATE TABLE call_use (
    account_id   TEXT COLLATE "C" PRIMARY KEY REFERENCES membership (id),
    minute       BIGINT NOT NULL, -- since 1970
    minute_calls BIGINT NOT NULL,
    day          BIGINT NOT NULL, -- since 1970, in the ISV's zone, by the wall clock
    day_calls    BIGINT NOT NULL
);
CREATE TABLE license_use (
    account_id TEXT COLLATE "C" PRIMARY KEY REFERENCES membership (id),
    day        BIGINT NOT NULL,
    licenses   BIGINT NOT NULL
);

-- +goose Down
DROP TABLE license_use;
DROP TABLE call_use;
