-- +goose Up

-- What is '' in folded and search is of rows from before; the store fills it when it opens the database.
ALTER TABLE org_group
    ADD COLUMN address       TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN contact_name  TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN contact_email TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN contact_phone TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN brand_title   TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN brand_color   TEXT COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN folded        TEXT COLLATE "C" NOT NULL DEFAULT '', -- the name
    ADD COLUMN version       BIGINT NOT NULL DEFAULT 1;

ALTER TABLE account
    ADD COLUMN search TEXT COLLATE "C" NOT NULL DEFAULT '';        -- name and address, folded
CREATE INDEX account_search ON account (search, id);

ALTER TABLE membership
    ADD COLUMN removed_at TIMESTAMPTZ,                             -- such a row stays: history names it
    ADD COLUMN version    BIGINT NOT NULL DEFAULT 1,
    ADD COLUMN secret_at  TIMESTAMPTZ,                             -- wall clock; when the secret was made
    ADD COLUMN old_secret BYTEA,                                   -- sealed; works beside the secret
    ADD COLUMN old_until  TIMESTAMPTZ;                             -- … until then, wall clock

DROP VIEW membership_view;
CREATE VIEW membership_view AS
SELECT m.id, m.account_id, m.group_id, m.role, m.suspended, m.removed_at, m.version, m.secret, m.secret_at, m.old_secret, m.old_until,
    m.created_at, a.email, a.name AS account_name, a.search, g.code AS group_code, g.name AS group_name, g.folded AS group_folded,
    g.brand_title, g.brand_color, g.parent_id
FROM membership m
JOIN account a ON a.id = m.account_id
JOIN org_group g ON g.id = m.group_id;

CREATE TABLE mail_message (
    id         TEXT COLLATE "C" PRIMARY KEY,
    recipient  TEXT COLLATE "C" NOT NULL,
    subject    TEXT COLLATE "C" NOT NULL,
    content    BYTEA NOT NULL,             -- sealed
    state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    tries      BIGINT NOT NULL DEFAULT 0,
    last_error TEXT COLLATE "C" NOT NULL DEFAULT '',
    next_try   TIMESTAMPTZ,                -- wall clock
    created_at TIMESTAMPTZ NOT NULL,       -- wall clock
    updated_at TIMESTAMPTZ NOT NULL        -- wall clock
);
CREATE INDEX mail_message_due ON mail_message (next_try) WHERE state = 'waiting';

CREATE TABLE invitation (
    id         TEXT COLLATE "C" PRIMARY KEY,
    group_id   TEXT COLLATE "C" NOT NULL REFERENCES org_group (id),
    email      TEXT COLLATE "C" NOT NULL,                        -- folded to lower case
    role       TEXT COLLATE "C" NOT NULL CHECK (role IN ('admin', 'member')),
    invited_by TEXT COLLATE "C" REFERENCES membership (id),      -- NULL: by whoever runs the house
    token_hash BYTEA NOT NULL UNIQUE,
    state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'accepted', 'withdrawn', 'expired')),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,                             -- wall clock
    version    BIGINT NOT NULL DEFAULT 1,
    mail_id    TEXT COLLATE "C" REFERENCES mail_message (id)
);
CREATE UNIQUE INDEX invitation_open ON invitation (group_id, email) WHERE state = 'open';

-- What happened to a group, with the people in it.
CREATE INDEX audit_parent ON audit (parent);

-- How many licenses of a group are active.
CREATE INDEX license_live ON license (group_id, state, expires_at);

-- +goose Down
DROP INDEX license_live;
DROP INDEX audit_parent;
DROP TABLE invitation, mail_message;
DROP VIEW membership_view;
ALTER TABLE membership DROP COLUMN removed_at, DROP COLUMN version, DROP COLUMN secret_at, DROP COLUMN old_secret, DROP COLUMN old_until;
DROP INDEX account_search;
ALTER TABLE account DROP COLUMN search;
ALTER TABLE org_group DROP COLUMN address, DROP COLUMN contact_name, DROP COLUMN contact_email, DROP COLUMN contact_phone,
    DROP COLUMN brand_title, DROP COLUMN brand_color, DROP COLUMN folded, DROP COLUMN version;
CREATE VIEW membership_view AS
SELECT m.id, m.account_id, m.group_id, m.role, m.suspended, m.secret, m.created_at, a.email, a.name AS account_name,
    g.code AS group_code, g.name AS group_name, g.parent_id
FROM membership m
JOIN account a ON a.id = m.account_id
JOIN org_group g ON g.id = m.group_id;
