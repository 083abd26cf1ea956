-- name: SetSale :execrows
UPDATE product SET sale = $1, unextended = $2, version = version + 1 WHERE id = $3 AND version = $4;

-- SubscriptionsOfProduct counts those that nobody has cancelled, by whether their last day to cancel is before a day, and
-- says when the last of each end.
-- name: SubscriptionsOfProduct :one
SELECT CAST(COALESCE(SUM(CASE WHEN s.cancel_by >= CAST(sqlc.arg(day) AS TEXT) THEN 1 ELSE 0 END), 0) AS BIGINT) AS open,
    CAST(COALESCE(MAX(CASE WHEN s.cancel_by >= CAST(sqlc.arg(day) AS TEXT) THEN s.last_end ELSE '' END), '') AS TEXT) AS open_end,
    CAST(COALESCE(SUM(CASE WHEN s.cancel_by < CAST(sqlc.arg(day) AS TEXT) AND s.cancel_by >= CAST(sqlc.arg(since) AS TEXT) THEN 1 ELSE 0 END), 0) AS BIGINT) AS missed,
    CAST(COALESCE(MAX(CASE WHEN s.cancel_by < CAST(sqlc.arg(day) AS TEXT) AND s.cancel_by >= CAST(sqlc.arg(since) AS TEXT) THEN s.last_end ELSE '' END), '') AS TEXT) AS missed_end
FROM license_list l JOIN subscription s ON s.license_id = l.id
WHERE l.subscription = 'active' AND l.product_id = CAST(sqlc.arg(product) AS TEXT);

-- name: BeginReview :exec
INSERT INTO subscription_review (product_id, round, after_row) VALUES ($1, 1, '')
ON CONFLICT (product_id) DO UPDATE SET round = subscription_review.round + 1, after_row = '';

-- name: NextReview :one
SELECT r.product_id, p.code, r.round, r.after_row FROM subscription_review r JOIN product p ON p.id = r.product_id
ORDER BY r.product_id LIMIT 1;

-- name: GoOnReview :execrows
UPDATE subscription_review SET after_row = sqlc.arg(next) WHERE product_id = $1 AND round = $2 AND after_row = sqlc.arg(read);

-- name: EndReview :execrows
DELETE FROM subscription_review WHERE product_id = $1 AND round = $2 AND after_row = $3;
