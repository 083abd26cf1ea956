-- +goose Up

-- The certificates that service accounts sign with, or come in with over TLS. A message names one in the ways below.
CREATE TABLE service_certificate (
    id            TEXT PRIMARY KEY,
    membership_id TEXT NOT NULL REFERENCES membership (id),
    der           BLOB NOT NULL,
    added_at      DATETIME NOT NULL,          -- wall clock
    fingerprint   TEXT NOT NULL UNIQUE,   -- licensing.CertificateNames, as the three below
    thumbprint    TEXT NOT NULL,
    key_id        TEXT NOT NULL,          -- '' for none
    serial        TEXT NOT NULL
);
CREATE INDEX service_certificate_membership ON service_certificate (membership_id);
CREATE INDEX service_certificate_thumbprint ON service_certificate (thumbprint);
CREATE INDEX service_certificate_key_id ON service_certificate (key_id);
CREATE INDEX service_certificate_serial ON service_certificate (serial);

-- +goose Down
DROP TABLE service_certificate;
