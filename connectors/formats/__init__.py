"""File formats behind the kind `files`: each turns one file into a header and raw text rows."""
