-- Tables of small numbers as they were decided when their period was over; later nights leave them alone.
CREATE TABLE meta.protected_table (
    metric VARCHAR NOT NULL,
    period DATE NOT NULL,            -- first day
    decided_on DATE NOT NULL,        -- business date
    definition VARCHAR NOT NULL,     -- hash of what is counted
    PRIMARY KEY (metric, period)
);

-- One line per cell; of a hidden one nothing but its place is kept.
CREATE TABLE meta.protected_cell (
    metric VARCHAR NOT NULL,
    period DATE NOT NULL,
    cut VARCHAR NOT NULL,            -- dimensions, joined by commas
    keys VARCHAR[] NOT NULL,
    hidden BOOLEAN NOT NULL,
    numerator VARCHAR,               -- exact decimal text
    denominator VARCHAR,
    value VARCHAR,                   -- of a quantile
    n BIGINT
);
