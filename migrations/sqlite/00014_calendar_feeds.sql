-- +goose Up

-- The secret addresses of calendars: of each membership one at the most. The secret itself is kept nowhere.
CREATE TABLE calendar_feed (
    membership_id TEXT PRIMARY KEY REFERENCES membership (id),
    secret_hash   TEXT NOT NULL UNIQUE, -- SHA-256, hex
    made_at       DATETIME NOT NULL                 -- wall clock
);

-- +goose Down
DROP TABLE calendar_feed;
