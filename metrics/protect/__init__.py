"""Small numbers: which cells of published tables are hidden, decided once per period and never afterwards."""
