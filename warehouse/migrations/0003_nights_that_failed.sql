-- How many nights in a row a source brought nothing; a good load sets it back. Being held is no failure.
ALTER TABLE meta.source ADD COLUMN failures INTEGER DEFAULT 0;
