-- +goose Up

-- The certificates that service accounts sign with, or come in with over TLS. A message names one in the ways below.
CREATE TABLE service_certificate (
    id            TEXT COLLATE "C" PRIMARY KEY,
    membership_id TEXT COLLATE "C" NOT NULL REFERENCES membership (id),
    der           BYTEA NOT NULL,
    added_at      TIMESTAMPTZ NOT NULL,          -- wall clock
    fingerprint   TEXT COLLATE "C" NOT NULL UNIQUE,   -- licensing.CertificateNames, as the four below
    thumbprint    TEXT COLLATE "C" NOT NULL,
    key_id        TEXT COLLATE "C" NOT NULL,          -- '' for none
    serial        TEXT COLLATE "C" NOT NULL,
    public_key    TEXT COLLATE "C" NOT NULL
);
CREATE INDEX service_certificate_membership ON service_certificate (membership_id);
CREATE INDEX service_certificate_thumbprint ON service_certificate (thumbprint);
CREATE INDEX service_certificate_key_id ON service_certificate (key_id);
CREATE INDEX service_certificate_serial ON service_certificate (serial);
CREATE INDEX service_certificate_public ON service_certificate (public_key);

-- What a service account is held to besides its grants; no row: to nothing.
CREATE TABLE service_allowance (
    membership_id TEXT COLLATE "C" PRIMARY KEY REFERENCES membership (id),
    content       TEXT COLLATE "C" NOT NULL -- JSON: licensing.Allowance
);

-- When a login was right last, and from where, so that wrong ones of others from there do not slow the next one.
CREATE TABLE login_success (
    key     TEXT COLLATE "C" PRIMARY KEY, -- as of login_failure
    last_at TIMESTAMPTZ NOT NULL
);

-- +goose Down
DROP TABLE login_success;
DROP TABLE service_allowance;
DROP TABLE service_certificate;
