-- A line number says nothing when a table reads a folder of files.
ALTER TABLE meta.rejected ADD COLUMN file VARCHAR;
