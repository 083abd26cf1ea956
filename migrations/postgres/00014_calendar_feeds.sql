-- +goose Up

-- The secret addresses of calendars: of each membership one at the most. The secret itself is kept nowhere.
CREATE TABLE calendar_feed (
    membership_id TEXT COLLATE "C" PRIMARY KEY REFERENCES membership (id),
    secret_hash   TEXT COLLATE "C" NOT NULL UNIQUE, -- SHA-256, hex
    made_at       TIMESTAMPTZ NOT NULL              -- wall clock
);

-- +goose Down
DROP TABLE calendar_feed;
