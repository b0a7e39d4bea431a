-- From the text of a feed's files (plain.feed_*, filled by bench/plain.py) to the indexed raw rows of the reference.
-- The feed is taken as clean: canonical spelling, every key once, nothing retracted.

INSERT INTO plain.workloads (workload, code, unlicensed_family)
SELECT row_number() OVER (ORDER BY code), code, NULL
FROM (SELECT upper(listed.name) AS code FROM plain.feed_skus CROSS JOIN string_to_table(workloads, ';') AS listed (name)
      UNION
      SELECT service FROM plain.feed_activity
      UNION
      SELECT service FROM plain.feed_coverage
      UNION
      SELECT 'YAM') known
WHERE code NOT IN ('*', 'ODB');

INSERT INTO plain.families (family, code, insights)
SELECT row_number() OVER (ORDER BY code), code, code IN ('o365', 'crm')
FROM (SELECT DISTINCT family AS code FROM plain.feed_skus UNION SELECT 'o365') known;

-- At first Yammer of the family Office 365 can be used without a licence.
UPDATE plain.workloads SET unlicensed_family = (SELECT family FROM plain.families WHERE code = 'o365') WHERE code = 'YAM';

INSERT INTO plain.partners SELECT row_number() OVER (ORDER BY partner_id), partner_id FROM plain.feed_partners;

INSERT INTO plain.customers SELECT row_number() OVER (ORDER BY customer_id), customer_id, name FROM plain.feed_customers;

INSERT INTO plain.relationships
SELECT p.seller, c.customer, "from"::date, "to"::date
FROM plain.feed_relationships JOIN plain.partners p USING (partner_id) JOIN plain.customers c USING (customer_id);

INSERT INTO plain.skus
SELECT row_number() OVER (ORDER BY s.sku_id), s.sku_id, f.family
FROM plain.feed_skus s JOIN plain.families f ON f.code = s.family;

INSERT INTO plain.sku_workloads
SELECT DISTINCT k.sku, w.workload
FROM plain.feed_skus s
JOIN plain.skus k USING (sku_id)
CROSS JOIN string_to_table(s.workloads, ';') AS named (name)
JOIN plain.workloads w ON w.code = upper(named.name);

INSERT INTO plain.subscription_ids
SELECT row_number() OVER (ORDER BY customer_id, subscription_id), subscription_id
FROM (SELECT DISTINCT customer_id, subscription_id FROM plain.feed_subscriptions) known;

INSERT INTO plain.subscriptions
SELECT i.subscription, s.effective_on::date, c.customer, coalesce(p.seller, 0), k.sku, s.status, s.quantity::int, s.is_trial::boolean,
    s.term_end::date, s.auto_renew::boolean
FROM plain.feed_subscriptions s
JOIN plain.subscription_ids i USING (subscription_id)
JOIN plain.customers c USING (customer_id)
JOIN plain.skus k USING (sku_id)
LEFT JOIN plain.partners p ON p.partner_id = s.seller
ORDER BY 1, 2;

CREATE TABLE plain.owners AS SELECT DISTINCT subscription, customer FROM plain.subscriptions;
ANALYZE plain.owners, plain.subscription_ids, plain.customers, plain.feed_activity, plain.feed_entitlements;

INSERT INTO plain.people
SELECT row_number() OVER (ORDER BY customer, user_id), customer, user_id
FROM (SELECT o.customer, e.user_id
      FROM plain.feed_entitlements e JOIN plain.subscription_ids i USING (subscription_id) JOIN plain.owners o USING (subscription)
      UNION
      SELECT c.customer, a.user_id FROM plain.feed_activity a JOIN plain.customers c USING (customer_id)) known;
ANALYZE plain.people;

INSERT INTO plain.entitlements
SELECT i.subscription, p.person, e."from"::date, e.state, e."to"::date
FROM plain.feed_entitlements e
JOIN plain.subscription_ids i USING (subscription_id)
JOIN plain.owners o USING (subscription)
JOIN plain.people p ON p.customer = o.customer AND p.user_id = e.user_id
ORDER BY 1, 2, 3;

INSERT INTO plain.activity
SELECT c.customer, p.person, w.workload, a.day::date
FROM plain.feed_activity a
JOIN plain.customers c USING (customer_id)
JOIN plain.people p ON p.customer = c.customer AND p.user_id = a.user_id
JOIN plain.workloads w ON w.code = CASE a.service WHEN 'ODB' THEN 'SPO' ELSE a.service END;

INSERT INTO plain.coverage
SELECT DISTINCT c.customer, w.workload, v.day::date
FROM plain.feed_coverage v
JOIN plain.customers c USING (customer_id)
JOIN (SELECT workload, code FROM plain.workloads UNION ALL SELECT 0, '*') w
    ON w.code = CASE v.service WHEN 'ODB' THEN 'SPO' ELSE v.service END;

DROP TABLE plain.owners;

ALTER TABLE plain.subscriptions ADD PRIMARY KEY (subscription, effective_on);
ALTER TABLE plain.entitlements ADD PRIMARY KEY (subscription, person, from_day);
ALTER TABLE plain.activity ADD PRIMARY KEY (customer, workload, day, person);
CREATE INDEX activity_person ON plain.activity (person, workload, day);
ALTER TABLE plain.coverage ADD PRIMARY KEY (customer, workload, day);
ANALYZE plain.as_of, plain.families, plain.workloads, plain.partners, plain.customers, plain.people, plain.skus, plain.sku_workloads,
    plain.subscriptions, plain.entitlements, plain.activity, plain.coverage;
