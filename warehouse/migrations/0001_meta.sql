-- Accounting that travels inside every snapshot: pointer, rows and cursors move together.
CREATE SCHEMA IF NOT EXISTS stage;
CREATE SCHEMA IF NOT EXISTS core;
CREATE SCHEMA IF NOT EXISTS mart;

CREATE TABLE meta.snapshot (
    name VARCHAR NOT NULL,
    city VARCHAR NOT NULL,
    business_date DATE NOT NULL,
    as_of TIMESTAMP NOT NULL,        -- UTC
    created_at TIMESTAMP NOT NULL,   -- UTC
    run_id VARCHAR NOT NULL,
    definition_hash VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL,
    schema_version INTEGER NOT NULL
);

CREATE TABLE meta.source (
    source VARCHAR PRIMARY KEY,
    title VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    nature VARCHAR NOT NULL,         -- echt | beispiel
    every VARCHAR NOT NULL,          -- night | week | month
    fresh_for_days INTEGER NOT NULL,
    state VARCHAR NOT NULL,          -- aktuell | veraltet | fehlgeschlagen | nie_geladen
    reason_code VARCHAR,
    reason VARCHAR,
    as_of TIMESTAMP,                 -- UTC; with the counts of the last good slice
    last_run_id VARCHAR,
    last_try_at TIMESTAMP,           -- UTC
    stale BOOLEAN NOT NULL DEFAULT false,
    read BIGINT NOT NULL DEFAULT 0,
    published BIGINT NOT NULL DEFAULT 0,
    rejected BIGINT NOT NULL DEFAULT 0,
    duplicates BIGINT NOT NULL DEFAULT 0
);

-- One row per good load that is in force or was.
CREATE TABLE meta.load (
    run_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    table_no INTEGER NOT NULL,
    subject VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    as_of TIMESTAMP NOT NULL,        -- UTC
    read BIGINT NOT NULL,
    published BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    delivery_hash VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL,
    cursor VARCHAR,
    started_at TIMESTAMP NOT NULL,   -- UTC
    finished_at TIMESTAMP NOT NULL   -- UTC
);

CREATE TABLE meta.cursor (
    source VARCHAR NOT NULL,
    table_no INTEGER NOT NULL,
    cursor_value VARCHAR,
    run_id VARCHAR NOT NULL
);

CREATE TABLE meta.rejected (
    run_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    table_no INTEGER NOT NULL,
    subject VARCHAR NOT NULL,
    line BIGINT,
    column_name VARCHAR,
    reason_code VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    raw VARCHAR                      -- masked
);
