"""Charts as SVG without a browser: the same figures Plotly draws on the screen, in the light template."""
