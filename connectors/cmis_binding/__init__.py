"""Parts of the kind `cmis`: the browser binding of CMIS 1.1 (OASIS), read-only."""
