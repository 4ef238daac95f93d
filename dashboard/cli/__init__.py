"""The commands of `isek`; one module per group, loaded only when its command runs."""
