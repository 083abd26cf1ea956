-- +goose Up

-- The certificates that service accounts sign with, or come in with over TLS. A message names one in the ways below.
CREATE TABLE service_certificate (
    id            TEXT COLLATE "C" PRIMARY KEY,
    membership_id TEXT COLLATE "C" NOT NULL REFERENCES membership (id),
    der           BYTEA NOT NULL,
    added_at      TIMESTAMPTZ NOT NULL,          -- wall clock
    fingerprint   TEXT COLLATE "C" NOT NULL UNIQUE,   -- licensing.CertificateNames, as the three below
    thumbprint    TEXT COLLATE "C" NOT NULL,
    key_id        TEXT COLLATE "C" NOT NULL,          -- '' for none
    serial        TEXT COLLATE "C" NOT NULL
);
CREATE INDEX service_certificate_membership ON service_certificate (membership_id);
CREATE INDEX service_certificate_thumbprint ON service_certificate (thumbprint);
CREATE INDEX service_certificate_key_id ON service_certificate (key_id);
CREATE INDEX service_certificate_serial ON service_certificate (serial);

-- +goose Down
DROP TABLE service_certificate;
