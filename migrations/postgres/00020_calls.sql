-- +goose Up

-- The log of calls of the SOAP face. What nobody known sent has no group and no account.
CREATE TABLE soap_call (
    seq          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id           TEXT COLLATE "C" NOT NULL UNIQUE, -- in the order in which they came
    at           TIMESTAMPTZ NOT NULL,             -- wall clock
    at_minute    BIGINT NOT NULL,                  -- since 1970
    group_id     TEXT COLLATE "C" NOT NULL,        -- '' without
    account_id   TEXT COLLATE "C" NOT NULL,        -- '' without
    account      TEXT COLLATE "C" NOT NULL,        -- its name, or what the caller claimed it to be
    remote       TEXT COLLATE "C" NOT NULL,
    version      TEXT COLLATE "C" NOT NULL,
    operation    TEXT COLLATE "C" NOT NULL,
    request_id   TEXT COLLATE "C" NOT NULL,
    took_us      BIGINT NOT NULL,
    outcome      TEXT COLLATE "C" NOT NULL,
    field        TEXT COLLATE "C" NOT NULL,
    reference    TEXT COLLATE "C" NOT NULL,
    in_size      BIGINT NOT NULL,
    out_size     BIGINT NOT NULL,
    order_number TEXT COLLATE "C" NOT NULL,
    ticket_hash  TEXT COLLATE "C" NOT NULL,
    kept         BOOLEAN NOT NULL                  -- its envelopes are in soap_envelope
);
CREATE INDEX soap_call_group ON soap_call (group_id, id, seq);
CREATE INDEX soap_call_took ON soap_call (took_us, seq);
CREATE INDEX soap_call_group_took ON soap_call (group_id, took_us, seq);
CREATE INDEX soap_call_fault ON soap_call (outcome) WHERE outcome <> 'ok' AND outcome <> 'replayed';
CREATE INDEX soap_call_account ON soap_call (account_id, at_minute, outcome);
CREATE INDEX soap_call_minute ON soap_call (at_minute);
CREATE INDEX soap_call_reference ON soap_call (reference);
CREATE INDEX soap_call_request ON soap_call (request_id) WHERE request_id <> '';
CREATE INDEX soap_call_order ON soap_call (order_number) WHERE order_number <> '';
CREATE INDEX soap_call_ticket ON soap_call (ticket_hash) WHERE ticket_hash <> '';
CREATE INDEX soap_call_remote ON soap_call (remote) WHERE remote <> '';

-- Beside it, so that lists read narrow rows.
CREATE TABLE soap_envelope (
    call_id TEXT COLLATE "C" PRIMARY KEY,
    content BYTEA NOT NULL -- sealed: request and answer, without secrets
);

-- +goose Down
DROP TABLE soap_envelope;
DROP TABLE soap_call;
