-- name: InsertCall :exec
INSERT INTO soap_call (id, at, at_minute, group_id, account_id, account, remote, version, operation, request_id, took_us, outcome, field, reference, in_size, out_size, order_number, ticket_hash, kept, named_id, named_home, console)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22);

-- name: InsertEnvelope :exec
INSERT INTO soap_envelope (call_id, content) VALUES ($1, $2);

-- name: EnvelopeOf :one
SELECT content FROM soap_envelope WHERE call_id = $1;

-- name: CallsOfReference :many
SELECT seq, group_id, named_id FROM soap_call WHERE reference = $1 ORDER BY seq DESC;

-- name: CountCallsBy :many
SELECT CAST(at_minute / CAST(@minutes AS BIGINT) AS BIGINT) AS step, outcome, COUNT(*) AS n
FROM soap_call WHERE account_id = @account AND at_minute >= @since AND NOT console
GROUP BY 1, outcome ORDER BY 1, outcome;

-- name: DropEnvelopes :exec
DELETE FROM soap_envelope WHERE call_id IN (SELECT c.id FROM soap_call c WHERE c.at_minute < $1 ORDER BY c.at_minute, c.seq LIMIT $2);

-- name: DropCalls :execrows
DELETE FROM soap_call WHERE seq IN (SELECT c.seq FROM soap_call c WHERE c.at_minute < $1 ORDER BY c.at_minute, c.seq LIMIT $2);

-- name: LastStranger :one
SELECT at_minute FROM soap_call WHERE account_id = '' AND named_id = '' ORDER BY at_minute DESC LIMIT 1 OFFSET $1;

-- name: DropStrangers :execrows
DELETE FROM soap_call WHERE seq IN (SELECT c.seq FROM soap_call c WHERE c.account_id = '' AND c.named_id = '' AND c.at_minute < $1 ORDER BY c.at_minute, c.seq LIMIT $2);

-- name: DropNamed :execrows
DELETE FROM soap_call WHERE seq IN (
    SELECT n.seq FROM (
        SELECT c.seq, ROW_NUMBER() OVER (PARTITION BY c.named_id, c.named_home ORDER BY c.seq DESC) AS place FROM soap_call c WHERE c.named_id <> ''
    ) n WHERE n.place > CAST(@keep AS BIGINT) ORDER BY n.seq LIMIT @most);

-- A window that another process has begun by a clock that is a little ahead is the same one.
-- name: UseCall :one
INSERT INTO call_use (account_id, minute, minute_calls, day, day_calls) VALUES (@account, @minute, 1, @day, 1)
ON CONFLICT (account_id) DO UPDATE SET
    minute = CASE WHEN call_use.minute = excluded.minute + 1 THEN call_use.minute ELSE excluded.minute END,
    minute_calls = CASE WHEN call_use.minute IN (excluded.minute, excluded.minute + 1) THEN call_use.minute_calls + 1 ELSE 1 END,
    day = CASE WHEN call_use.day = excluded.day + 1 THEN call_use.day ELSE excluded.day END,
    day_calls = CASE WHEN call_use.day IN (excluded.day, excluded.day + 1) THEN call_use.day_calls + 1 ELSE 1 END
WHERE (CAST(@per_minute AS BIGINT) = 0 OR call_use.minute NOT IN (excluded.minute, excluded.minute + 1) OR call_use.minute_calls < CAST(@per_minute AS BIGINT))
  AND (CAST(@per_day AS BIGINT) = 0 OR call_use.day NOT IN (excluded.day, excluded.day + 1) OR call_use.day_calls < CAST(@per_day AS BIGINT))
RETURNING minute_calls, day_calls;

-- name: CallUse :one
SELECT minute, minute_calls, day, day_calls FROM call_use WHERE account_id = $1;

-- name: UseLicenses :one
INSERT INTO license_use (account_id, day, licenses) VALUES (@account, @day, @n)
ON CONFLICT (account_id) DO UPDATE SET
    day = CASE WHEN license_use.day = excluded.day + 1 THEN license_use.day ELSE excluded.day END,
    licenses = CASE WHEN license_use.day IN (excluded.day, excluded.day + 1) THEN license_use.licenses ELSE 0 END + excluded.licenses
WHERE CASE WHEN license_use.day IN (excluded.day, excluded.day + 1) THEN license_use.licenses ELSE 0 END + excluded.licenses <= CAST(@most AS BIGINT)
RETURNING licenses;

-- name: LicenseUse :one
SELECT day, licenses FROM license_use WHERE account_id = $1;
