-- Tables of the reference: feed.md's files as indexed raw rows, one table a file, with integer keys as any competent
-- schema would have. Read by bench/plain.sql, filled by bench/plain.py. Key 0 means: seller `external`, workload `*`.

DROP SCHEMA IF EXISTS plain CASCADE;
CREATE SCHEMA plain;

CREATE TYPE plain.class AS ENUM ('trial', 'lapsed', 'former', 'current');

CREATE TABLE plain.as_of (d date NOT NULL);

CREATE TABLE plain.families (
    family smallint PRIMARY KEY,
    code text NOT NULL UNIQUE,
    insights boolean NOT NULL          -- takes part in insights
);

CREATE TABLE plain.workloads (
    workload smallint PRIMARY KEY,
    code text NOT NULL UNIQUE,
    unlicensed_family smallint REFERENCES plain.families  -- set: can be used without a licence
);

CREATE TABLE plain.partners (seller smallint PRIMARY KEY, partner_id text NOT NULL UNIQUE);

CREATE TABLE plain.customers (customer int PRIMARY KEY, customer_id text NOT NULL UNIQUE, name text NOT NULL);

CREATE TABLE plain.relationships (
    seller smallint REFERENCES plain.partners,
    customer int REFERENCES plain.customers,
    from_day date,
    to_day date,
    PRIMARY KEY (seller, customer, from_day)
);

CREATE TABLE plain.people (
    person int PRIMARY KEY,
    customer int NOT NULL REFERENCES plain.customers,
    user_id text NOT NULL,
    UNIQUE (customer, user_id)
);

CREATE TABLE plain.skus (
    sku int PRIMARY KEY,
    sku_id text NOT NULL UNIQUE,
    family smallint NOT NULL REFERENCES plain.families
);

CREATE TABLE plain.sku_workloads (
    sku int REFERENCES plain.skus,
    workload smallint REFERENCES plain.workloads,
    PRIMARY KEY (sku, workload)
);

CREATE TABLE plain.subscription_ids (subscription int PRIMARY KEY, subscription_id text NOT NULL UNIQUE);

-- Versions: the one with the latest effective_on <= D holds.
CREATE TABLE plain.subscriptions (
    subscription int,
    effective_on date,
    customer int NOT NULL,
    seller smallint NOT NULL,
    sku int NOT NULL,
    status text NOT NULL,
    quantity int NOT NULL,
    is_trial boolean NOT NULL,
    term_end date,
    auto_renew boolean
);

-- Periods: from_day is the first day, to_day the first day after.
CREATE TABLE plain.entitlements (
    subscription int,
    person int,
    from_day date,
    state text NOT NULL,
    to_day date
);

CREATE TABLE plain.activity (
    customer int,
    person int,
    workload smallint,
    day date
);

CREATE TABLE plain.coverage (
    customer int,
    workload smallint,
    day date
);
