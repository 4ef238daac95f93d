"""Ground floor: what is stored, how it is checked and how it is published."""
