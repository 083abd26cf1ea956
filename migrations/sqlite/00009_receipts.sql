-- +goose Up

-- What was confirmed of cancellations: each is a signed document, which is never changed.
CREATE TABLE receipt (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT, -- the number that it is called by, without its year
    license_id   TEXT NOT NULL REFERENCES license (id),
    group_id     TEXT NOT NULL REFERENCES org_group (id), -- that owned the license then
    document     TEXT NOT NULL,  -- signed; '' only inside of the transaction that makes it
    facts        TEXT NOT NULL,  -- JSON: licensing.ReceiptPayload
    withdrawn_at DATETIME                 -- when the cancellation was taken back; business clock
);
CREATE INDEX receipt_license ON receipt (license_id, seq);

-- +goose Down
DROP TABLE receipt;
