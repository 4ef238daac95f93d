-- What a load was made of, so that it can be judged, repeated and rebuilt.
ALTER TABLE meta.load ADD COLUMN number BIGINT;          -- order in which loads were taken over
ALTER TABLE meta.load ADD COLUMN taken_by VARCHAR;       -- run that published it; later than run_id for a release
ALTER TABLE meta.load ADD COLUMN window_from TIMESTAMP;  -- local time
ALTER TABLE meta.load ADD COLUMN window_to TIMESTAMP;    -- local time
ALTER TABLE meta.load ADD COLUMN cursor_before VARCHAR;
ALTER TABLE meta.load ADD COLUMN agreement VARCHAR;      -- hash in meta.agreement
UPDATE meta.load SET taken_by = run_id, number = numbered.n FROM (
    SELECT rowid AS place, row_number() OVER (ORDER BY finished_at, run_id, source, table_no) AS n FROM meta.load
) AS numbered WHERE numbered.place = load.rowid;

-- Contract and declaration a load was made under.
CREATE TABLE meta.agreement (
    hash VARCHAR NOT NULL,
    content VARCHAR NOT NULL         -- JSON
);

-- Deliveries that landed and wait for somebody to release them; at most one per source.
CREATE TABLE meta.held (
    source VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,         -- run in which it landed
    reason_code VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    delivery_hash VARCHAR NOT NULL,  -- over all its tables
    agreement VARCHAR NOT NULL,
    as_of TIMESTAMP NOT NULL,        -- UTC
    since TIMESTAMP NOT NULL,        -- UTC; first night in which something was held
    read BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    duplicates BIGINT NOT NULL
);

-- Remarks about the latest delivery; told when they are new.
CREATE TABLE meta.finding (
    source VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    place VARCHAR NOT NULL,
    since TIMESTAMP NOT NULL         -- UTC
);

-- What became of months that were over: one line per measure that is another one now.
CREATE TABLE meta.change (
    run_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    subject VARCHAR NOT NULL,
    slice VARCHAR,
    period DATE,                     -- first day of the month
    measure VARCHAR NOT NULL,        -- rows | deleted | content | name of a column (its sum)
    before VARCHAR,
    after VARCHAR,
    noted_at TIMESTAMP NOT NULL      -- UTC
);

-- Finds a refused row again when it comes back repaired.
ALTER TABLE meta.rejected ADD COLUMN row_key VARCHAR;
