-- A load that deleted rows has to be repeated by a rebuild as long as an older one is; NULL: not known.
ALTER TABLE meta.load ADD COLUMN deletes BOOLEAN;
