-- +goose Up

-- The certificates that service accounts sign with, or come in with over TLS. A message names one in the ways below.
CREATE TABLE service_certificate (
    id            TEXT PRIMARY KEY,
    membership_id TEXT NOT NULL REFERENCES membership (id),
    der           BLOB NOT NULL,
    added_at      DATETIME NOT NULL,          -- wall clock
    fingerprint   TEXT NOT NULL UNIQUE,   -- licensing.CertificateNames, as the four below
    thumbprint    TEXT NOT NULL,
    key_id        TEXT NOT NULL,          -- '' for none
    serial        TEXT NOT NULL,
    public_key    TEXT NOT NULL
);
CREATE INDEX service_certificate_membership ON service_certificate (membership_id);
CREATE INDEX service_certificate_thumbprint ON service_certificate (thumbprint);
CREATE INDEX service_certificate_key_id ON service_certificate (key_id);
CREATE INDEX service_certificate_serial ON service_certificate (serial);
CREATE INDEX service_certificate_public ON service_certificate (public_key);

-- What a service account is held to besides its grants; no row: to nothing.
CREATE TABLE service_allowance (
    membership_id TEXT PRIMARY KEY REFERENCES membership (id),
    content       TEXT NOT NULL -- JSON: licensing.Allowance
);

-- When a login was right last, and from where, so that wrong ones of others from there do not slow the next one.
CREATE TABLE login_success (
    key     TEXT PRIMARY KEY, -- as of login_failure
    last_at DATETIME NOT NULL
);

-- +goose Down
DROP TABLE login_success;
DROP TABLE service_allowance;
DROP TABLE service_certificate;
