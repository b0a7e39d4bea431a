-- The reference: every figure of metrics.md for every customer as of the day in plain.as_of, in plain SQL over the
-- indexed raw rows of bench/plain_tables.sql. It is the other side of `make bench`, and an independent check of the
-- product's figures. Frozen: a change needs the review of a change of metrics.md.
--
-- Keys in the steps: workload 0 means `any`, seller 0 `external` (or no seller at all), sku 0 and family 0 none.
-- The result is plain.figures: one row per row of interfaces.md, "An insight row", of every `by` and every seller view.

SET work_mem = '256MB';
DROP TABLE IF EXISTS plain.subscription_as_of, plain.sku_rows, plain.pairs, plain.period, plain.used, plain.unlicensed, plain.lines,
    plain.stock, plain.sold, plain.use, plain.unlicensed_use, plain.told, plain.wanted, plain.covered_day, plain.covered, plain.figures;

-- Facts: as of D the version with the latest effective_on <= D holds; before the first one the subscription does not
-- exist. Ageing: `active` without renewal after term_end is grace for 30 days, disabled for 90, then deprovisioned.
CREATE UNLOGGED TABLE plain.subscription_as_of AS
SELECT v.subscription, v.customer, v.seller, v.sku, k.family, f.insights, v.quantity, v.is_trial,
    CASE WHEN v.status <> 'active' OR v.auto_renew IS DISTINCT FROM false OR v.term_end IS NULL OR v.d <= v.term_end THEN v.status
         WHEN v.d - v.term_end <= 30 THEN 'grace'
         WHEN v.d - v.term_end <= 120 THEN 'disabled'
         ELSE 'deprovisioned' END AS status
FROM (SELECT DISTINCT ON (s.subscription) s.*, a.d
      FROM plain.subscriptions s JOIN plain.as_of a ON s.effective_on <= a.d
      ORDER BY s.subscription, s.effective_on DESC) v
JOIN plain.skus k USING (sku)
JOIN plain.families f USING (family);
ANALYZE plain.subscription_as_of;

-- The workloads of a SKU and `any`: a row of the SKU stands for each. A row without any workload is not `measurable`.
CREATE UNLOGGED TABLE plain.sku_rows AS
SELECT sku, workload, true AS measurable FROM plain.sku_workloads
UNION ALL
SELECT sku, 0::smallint, EXISTS (SELECT FROM plain.sku_workloads w WHERE w.sku = k.sku) FROM plain.skus k;
ANALYZE plain.sku_rows;

-- Base counts: an entitlement is a pair (subscription, user) with an `entitled` period that begins on or before D. The
-- first rule that fits gives its class: trial, lapsed, former (no `entitled` period covers D), current. A subscription
-- whose family is off is in no count. `whole`: one period lies over all 28 days of the window.
CREATE UNLOGGED TABLE plain.pairs AS
SELECT s.customer, s.seller, s.family, s.sku, e.subscription, e.person,
    CASE WHEN s.is_trial THEN 'trial'
         WHEN s.status <> 'active' THEN 'lapsed'
         WHEN bool_or(e.to_day IS NULL OR e.to_day > a.d) THEN 'current'
         ELSE 'former' END::plain.class AS class,
    bool_or(e.from_day <= a.d - 27 AND (e.to_day IS NULL OR e.to_day > a.d)) AS whole
FROM plain.as_of a
JOIN plain.entitlements e ON e.state = 'entitled' AND e.from_day <= a.d
JOIN plain.subscription_as_of s USING (subscription)
WHERE s.insights
GROUP BY s.customer, s.seller, s.family, s.sku, s.is_trial, s.status, e.subscription, e.person;
ANALYZE plain.pairs;

-- The `entitled` periods of every subscription that exists, cut to the days of the window.
CREATE UNLOGGED TABLE plain.period AS
SELECT e.subscription, e.person, s.sku, s.insights,
    greatest(e.from_day, a.d - 27) AS first_day, least(e.to_day - 1, a.d) AS last_day,
    e.from_day <= a.d - 27 AND (e.to_day IS NULL OR e.to_day > a.d) AS whole
FROM plain.as_of a
JOIN plain.entitlements e ON e.state = 'entitled' AND e.from_day <= a.d AND (e.to_day IS NULL OR e.to_day > a.d - 27)
JOIN plain.subscription_as_of s USING (subscription);
CREATE INDEX ON plain.period (person);
ANALYZE plain.period;

-- Who used what in the window at all.
CREATE UNLOGGED TABLE plain.used AS
SELECT customer, person, workload
FROM plain.activity
WHERE day BETWEEN (SELECT d - 27 FROM plain.as_of) AND (SELECT d FROM plain.as_of)
GROUP BY customer, person, workload;
ANALYZE plain.used;

-- Unlicensed activity: in a flagged workload whose family is switched on, on a day of the window on which the user is
-- in an `entitled` period of no existing subscription (any status, trial, seller, family) of a SKU with that workload.
-- Who is in one over the whole window needs no look at the days.
CREATE UNLOGGED TABLE plain.unlicensed AS
SELECT u.customer, w.unlicensed_family AS family, u.workload, u.person
FROM plain.workloads w
JOIN plain.families f ON f.family = w.unlicensed_family AND f.insights
JOIN plain.used u USING (workload)
WHERE NOT EXISTS (
        SELECT FROM plain.period p JOIN plain.sku_workloads k USING (sku)
        WHERE p.whole AND p.person = u.person AND k.workload = u.workload)
    AND EXISTS (
        SELECT FROM plain.activity a
        WHERE a.person = u.person AND a.workload = u.workload
            AND a.day BETWEEN (SELECT d - 27 FROM plain.as_of) AND (SELECT d FROM plain.as_of)
            AND NOT EXISTS (
                SELECT FROM plain.period p JOIN plain.sku_workloads k USING (sku)
                WHERE p.person = a.person AND k.workload = a.workload AND a.day BETWEEN p.first_day AND p.last_day));
ANALYZE plain.unlicensed;

-- Every entitlement on each workload row of its SKU, where it counts there as assigned or active. It is active in w when
-- w belongs to the SKU, and the user has activity in w on a day of the window that lies in an `entitled` period of the
-- pair: with a period over the whole window, on any day of it.
CREATE UNLOGGED TABLE plain.lines AS
SELECT p.customer, p.seller, p.family, p.sku, p.subscription, p.person, p.class, w.workload, u.person IS NOT NULL AS active
FROM plain.pairs p
JOIN plain.sku_workloads w USING (sku)
LEFT JOIN plain.used u ON u.person = p.person AND u.workload = w.workload
WHERE p.whole AND (p.class = 'current' OR u.person IS NOT NULL)
UNION ALL
SELECT p.customer, p.seller, p.family, p.sku, p.subscription, p.person, p.class, w.workload, u.person IS NOT NULL
FROM plain.pairs p
JOIN plain.sku_workloads w USING (sku)
LEFT JOIN (
    SELECT DISTINCT e.subscription, e.person, a.workload
    FROM plain.period e
    JOIN plain.activity a ON a.person = e.person AND a.day BETWEEN e.first_day AND e.last_day
    WHERE e.insights AND NOT e.whole
) u ON u.subscription = p.subscription AND u.person = p.person AND u.workload = w.workload
WHERE NOT p.whole AND (p.class = 'current' OR u.person IS NOT NULL);
ANALYZE plain.lines;

-- The same on the row `any`: active in at least one workload of the SKU (which may have none).
INSERT INTO plain.lines
SELECT p.customer, p.seller, p.family, p.sku, p.subscription, p.person, p.class, 0, u.person IS NOT NULL
FROM plain.pairs p
LEFT JOIN (SELECT DISTINCT subscription, person FROM plain.lines WHERE active) u USING (subscription, person)
WHERE p.class = 'current' OR u.person IS NOT NULL;

-- Unlicensed use has neither seller nor SKU, and no class.
INSERT INTO plain.lines (customer, seller, family, sku, person, workload, active)
SELECT customer, 0, family, 0, person, workload, true FROM plain.unlicensed
UNION ALL
SELECT customer, 0, family, 0, person, 0, true FROM plain.unlicensed;
ANALYZE plain.lines;

-- sold, assigned, blocked and entitlements, per (customer, seller, SKU). blocked is capped per qualifying subscription:
-- min(users with a blocked period covering D, max(quantity - current entitlements, 0)).
CREATE UNLOGGED TABLE plain.stock AS
WITH assigned AS (
    SELECT subscription, count(*)::int AS n FROM plain.pairs WHERE class = 'current' GROUP BY subscription
), held_back AS (
    SELECT e.subscription, count(DISTINCT e.person)::int AS n
    FROM plain.entitlements e JOIN plain.as_of a ON e.from_day <= a.d AND (e.to_day IS NULL OR e.to_day > a.d)
    WHERE e.state <> 'entitled'
    GROUP BY e.subscription
), each AS (
    SELECT s.*, s.status = 'active' AND NOT s.is_trial AS qualifies, coalesce(a.n, 0) AS assigned,
        least(coalesce(b.n, 0), greatest(s.quantity - coalesce(a.n, 0), 0)) AS blocked
    FROM plain.subscription_as_of s
    LEFT JOIN assigned a USING (subscription)
    LEFT JOIN held_back b USING (subscription)
    WHERE s.insights
)
SELECT customer, seller, family, sku,
    coalesce(sum(quantity) FILTER (WHERE qualifies), 0) AS sold,
    coalesce(sum(blocked) FILTER (WHERE qualifies), 0) AS blocked,
    coalesce(sum(quantity - blocked) FILTER (WHERE qualifies), 0) AS entitlements,
    sum(assigned) AS assigned
FROM each
GROUP BY customer, seller, family, sku;
ANALYZE plain.stock;

-- What does not depend on activity, on all rows of subscriptions: base rows (customer, seller, SKU, workload or any) and
-- their sums over sellers, by family, over all families, and the same of each partner's own. unassigned and
-- overassigned are taken per base row and summed.
CREATE UNLOGGED TABLE plain.sold AS
SELECT customer, coalesce(seller, 0) AS seller, coalesce(family, 0) AS family, coalesce(sku, 0) AS sku, workload,
    sum(sold)::bigint AS sold, sum(blocked)::bigint AS blocked, sum(entitlements)::bigint AS entitlements, sum(assigned)::bigint AS assigned,
    sum(greatest(entitlements - assigned, 0))::bigint AS unassigned,
    sum(greatest(assigned - entitlements, 0))::bigint AS overassigned, bool_or(measurable) AS measurable
FROM plain.stock
JOIN plain.sku_rows USING (sku)
GROUP BY GROUPING SETS (
    (customer, workload), (customer, workload, family), (customer, workload, family, sku),
    (customer, workload, seller), (customer, workload, seller, family), (customer, workload, seller, family, sku))
HAVING grouping(seller) = 1 OR seller > 0;
ANALYZE plain.sold;

-- active_unlicensed of (customer, family, workload), (customer, family, any), and all families: the sum over the families.
CREATE UNLOGGED TABLE plain.unlicensed_use AS
WITH by_family AS (
    SELECT customer, family, coalesce(workload, 0) AS workload, count(DISTINCT person) AS n
    FROM plain.unlicensed
    GROUP BY GROUPING SETS ((customer, family, workload), (customer, family))
)
SELECT customer, coalesce(family, 0) AS family, workload, sum(n)::bigint AS active_unlicensed
FROM by_family
GROUP BY GROUPING SETS ((customer, family, workload), (customer, workload));
ANALYZE plain.unlicensed_use;

-- Active entitlements by class, and people: users are distinct users with a current entitlement to a SKU of the row that
-- has the workload, active_users distinct users behind the row's `active`, each at the row's own grain, its seller
-- included.
CREATE UNLOGGED TABLE plain.use AS
SELECT customer, coalesce(seller, 0) AS seller, coalesce(family, 0) AS family, coalesce(sku, 0) AS sku, workload,
    count(*) FILTER (WHERE active AND class = 'current') AS active_current,
    count(*) FILTER (WHERE active AND class = 'former') AS active_former,
    count(*) FILTER (WHERE active AND class = 'lapsed') AS active_lapsed,
    count(*) FILTER (WHERE active AND class = 'trial') AS active_trial,
    count(DISTINCT person) FILTER (WHERE class = 'current') AS users,
    count(DISTINCT person) FILTER (WHERE active) AS active_users
FROM plain.lines
GROUP BY GROUPING SETS (
    (customer, workload), (customer, workload, family), (customer, workload, family, sku),
    (customer, workload, seller), (customer, workload, seller, family), (customer, workload, seller, family, sku))
HAVING (grouping(seller) = 1 OR seller > 0) AND (grouping(sku) = 1 OR sku > 0);
ANALYZE plain.use;

-- Measured: the days of the window that are covered for a customer and workload, by statement (workload 0: every one)
-- or by any activity. `told` are the customers of which every day is stated for every workload: nothing to look up.
CREATE UNLOGGED TABLE plain.told AS
SELECT customer
FROM plain.coverage
WHERE workload = 0 AND day BETWEEN (SELECT d - 27 FROM plain.as_of) AND (SELECT d FROM plain.as_of)
GROUP BY customer
HAVING count(*) = 28;
ANALYZE plain.told;

CREATE UNLOGGED TABLE plain.wanted AS
SELECT DISTINCT customer, workload
FROM (SELECT customer, workload FROM plain.sold WHERE workload > 0
      UNION ALL
      SELECT customer, workload FROM plain.unlicensed) known
WHERE NOT EXISTS (SELECT FROM plain.told t WHERE t.customer = known.customer);
ANALYZE plain.wanted;

CREATE UNLOGGED TABLE plain.covered_day AS
SELECT w.customer, w.workload, c.day
FROM plain.wanted w
JOIN plain.coverage c ON c.customer = w.customer AND c.workload IN (0, w.workload)
WHERE c.day BETWEEN (SELECT d - 27 FROM plain.as_of) AND (SELECT d FROM plain.as_of)
UNION
SELECT w.customer, w.workload, a.day
FROM plain.wanted w
JOIN plain.activity a ON a.customer = w.customer AND a.workload = w.workload
WHERE a.day BETWEEN (SELECT d - 27 FROM plain.as_of) AND (SELECT d FROM plain.as_of);
ANALYZE plain.covered_day;

-- covered_days of the rows of the other customers; of an `any` row the days covered for at least one workload of the row: of its
-- subscriptions' SKUs, and the flagged ones with unlicensed activity (not on a SKU's or one seller's row).
CREATE UNLOGGED TABLE plain.covered AS
WITH of_row AS (
    SELECT customer, seller, family, sku, workload FROM plain.sold WHERE workload > 0
    UNION ALL
    SELECT customer, 0, family, 0, workload FROM plain.unlicensed_use WHERE workload > 0
)
SELECT customer, seller, family, sku, coalesce(workload, 0) AS workload, count(DISTINCT day) AS days
FROM of_row JOIN plain.covered_day USING (customer, workload)
GROUP BY GROUPING SETS ((customer, seller, family, sku, workload), (customer, seller, family, sku));
ANALYZE plain.covered;

-- Rows: those of existing subscriptions of switched-on families, and those of unlicensed activity.
CREATE TABLE plain.figures AS
SELECT customer, nullif(seller, 0) AS seller_view,
    CASE WHEN sku > 0 THEN 'sku' WHEN family > 0 THEN 'family' ELSE 'all' END AS scope,
    nullif(family, 0) AS family, nullif(sku, 0) AS sku, nullif(workload, 0) AS workload,
    coalesce(s.sold, 0) AS sold, coalesce(s.blocked, 0) AS blocked, coalesce(s.entitlements, 0) AS entitlements,
    coalesce(s.assigned, 0) AS assigned, coalesce(u.active_current, 0) AS active_current,
    coalesce(u.active_former, 0) AS active_former, coalesce(u.active_lapsed, 0) AS active_lapsed,
    coalesce(u.active_trial, 0) AS active_trial, coalesce(x.active_unlicensed, 0) AS active_unlicensed,
    coalesce(u.users, 0) AS users, coalesce(u.active_users, 0) AS active_users,
    coalesce(s.unassigned, 0) AS unassigned, coalesce(s.overassigned, 0) AS overassigned,
    CASE WHEN t.customer IS NULL THEN coalesce(c.days, 0)
         WHEN s.measurable OR x.active_unlicensed > 0 THEN 28
         ELSE 0 END AS covered_days
FROM plain.sold s
FULL JOIN (SELECT customer, 0 AS seller, family, 0 AS sku, workload, active_unlicensed FROM plain.unlicensed_use) x
    USING (customer, seller, family, sku, workload)
LEFT JOIN plain.use u USING (customer, seller, family, sku, workload)
LEFT JOIN plain.covered c USING (customer, seller, family, sku, workload)
LEFT JOIN plain.told t USING (customer);
