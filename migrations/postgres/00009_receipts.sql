-- +goose Up

-- What was confirmed of cancellations: each is a signed document, which is never changed.
CREATE TABLE receipt (
    seq          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- the number that it is called by, without its year
    license_id   TEXT COLLATE "C" NOT NULL REFERENCES license (id),
    group_id     TEXT COLLATE "C" NOT NULL REFERENCES org_group (id), -- that owned the license then
    document     TEXT COLLATE "C" NOT NULL,  -- signed; '' only inside of the transaction that makes it
    facts        TEXT COLLATE "C" NOT NULL,  -- JSON: licensing.ReceiptPayload
    withdrawn_at TIMESTAMPTZ                 -- when the cancellation was taken back; business clock
);
CREATE INDEX receipt_license ON receipt (license_id, seq);

-- +goose Down
DROP TABLE receipt;
