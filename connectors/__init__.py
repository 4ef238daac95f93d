"""How figures get in: one module per kind of source, declared in TOML, discovered, never registered."""
