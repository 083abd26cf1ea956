-- +goose Up

-- The sandbox of a service account: how its requests are answered for a while. It ends by itself.
CREATE TABLE service_sandbox (
    membership_id TEXT PRIMARY KEY REFERENCES membership (id),
    id            TEXT NOT NULL, -- another one with each choice
    content       TEXT NOT NULL, -- JSON: licensing.Sandbox
    calls_left    BIGINT NOT NULL -- that are answered as chosen, of a choice that counts them
);

-- +goose Down
DROP TABLE service_sandbox;
