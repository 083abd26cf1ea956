-- +goose Up

-- What is '' in folded and search is of rows from before; the store fills it when it opens the database.
ALTER TABLE org_group ADD COLUMN address       TEXT NOT NULL DEFAULT '';
ALTER TABLE org_group ADD COLUMN contact_name  TEXT NOT NULL DEFAULT '';
ALTER TABLE org_group ADD COLUMN contact_email TEXT NOT NULL DEFAULT '';
ALTER TABLE org_group ADD COLUMN contact_phone TEXT NOT NULL DEFAULT '';
ALTER TABLE org_group ADD COLUMN brand_title   TEXT NOT NULL DEFAULT '';
ALTER TABLE org_group ADD COLUMN brand_color   TEXT NOT NULL DEFAULT '';
ALTER TABLE org_group ADD COLUMN folded        TEXT NOT NULL DEFAULT '';  -- the name
ALTER TABLE org_group ADD COLUMN version       BIGINT NOT NULL DEFAULT 1;

ALTER TABLE account ADD COLUMN search TEXT NOT NULL DEFAULT '';  -- name and address, folded
CREATE INDEX account_search ON account (search, id);

ALTER TABLE membership ADD COLUMN removed_at DATETIME;  -- such a row stays: history names it
ALTER TABLE membership ADD COLUMN version    BIGINT NOT NULL DEFAULT 1;
ALTER TABLE membership ADD COLUMN secret_at  DATETIME;  -- wall clock; when the secret was made
ALTER TABLE membership ADD COLUMN old_secret BLOB;  -- sealed; works beside the secret
ALTER TABLE membership ADD COLUMN old_until  DATETIME;  -- … until then, wall clock

DROP VIEW membership_view;
CREATE VIEW membership_view AS
SELECT m.id, m.account_id, m.group_id, m.role, m.suspended, m.removed_at, m.version, m.secret, m.secret_at, m.old_secret, m.old_until,
    m.created_at, a.email, a.name AS account_name, a.search, g.code AS group_code, g.name AS group_name, g.folded AS group_folded,
    g.brand_title, g.brand_color, g.parent_id
FROM membership m
JOIN account a ON a.id = m.account_id
JOIN org_group g ON g.id = m.group_id;

CREATE TABLE mail_message (
    id         TEXT PRIMARY KEY,
    recipient  TEXT NOT NULL,
    subject    TEXT NOT NULL,
    content    BLOB NOT NULL,             -- sealed
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    tries      BIGINT NOT NULL DEFAULT 0,
    last_error TEXT NOT NULL DEFAULT '',
    next_try   DATETIME,                -- wall clock
    created_at DATETIME NOT NULL,       -- wall clock
    updated_at DATETIME NOT NULL        -- wall clock
);
CREATE INDEX mail_message_due ON mail_message (next_try) WHERE state = 'waiting';

CREATE TABLE invitation (
    id         TEXT PRIMARY KEY,
    group_id   TEXT NOT NULL REFERENCES org_group (id),
    email      TEXT NOT NULL,                        -- folded to lower case
    role       TEXT NOT NULL CHECK (role IN ('admin', 'member')),
    invited_by TEXT REFERENCES membership (id),      -- NULL: by whoever runs the house
    token_hash BLOB NOT NULL UNIQUE,
    state      TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'withdrawn', 'expired')),
    created_at DATETIME NOT NULL,
    expires_at DATETIME NOT NULL,                             -- wall clock
    version    BIGINT NOT NULL DEFAULT 1,
    mail_id    TEXT REFERENCES mail_message (id)
);
CREATE UNIQUE INDEX invitation_open ON invitation (group_id, email) WHERE state = 'open';

-- What happened to a group, with the people in it.
CREATE INDEX audit_parent ON audit (parent);

-- How many licenses of a group are active.
CREATE INDEX license_live ON license (group_id, state, expires_at);

-- +goose Down
DROP INDEX license_live;
DROP INDEX audit_parent;
DROP TABLE invitation;
DROP TABLE mail_message;
DROP VIEW membership_view;
ALTER TABLE membership DROP COLUMN removed_at;
ALTER TABLE membership DROP COLUMN version;
ALTER TABLE membership DROP COLUMN secret_at;
ALTER TABLE membership DROP COLUMN old_secret;
ALTER TABLE membership DROP COLUMN old_until;
DROP INDEX account_search;
ALTER TABLE account DROP COLUMN search;
ALTER TABLE org_group DROP COLUMN address;
ALTER TABLE org_group DROP COLUMN contact_name;
ALTER TABLE org_group DROP COLUMN contact_email;
ALTER TABLE org_group DROP COLUMN contact_phone;
ALTER TABLE org_group DROP COLUMN brand_title;
ALTER TABLE org_group DROP COLUMN brand_color;
ALTER TABLE org_group DROP COLUMN folded;
ALTER TABLE org_group DROP COLUMN version;
CREATE VIEW membership_view AS
SELECT m.id, m.account_id, m.group_id, m.role, m.suspended, m.secret, m.created_at, a.email, a.name AS account_name,
    g.code AS group_code, g.name AS group_name, g.parent_id
FROM membership m
JOIN account a ON a.id = m.account_id
JOIN org_group g ON g.id = m.group_id;
