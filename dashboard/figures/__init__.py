"""Charts of the portal: plain Plotly dicts, each with one sentence and a table of the same values."""
