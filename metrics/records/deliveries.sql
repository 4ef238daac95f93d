/* ---
label = "Geltende Lieferungen"
scope = "city"
order = ["-rejected", "source", "table_no"]
key = ["source", "table_no"]

[columns]
source    = { label = "Quelle", type = "text" }
table_no  = { label = "Tabelle", type = "integer" }
subject   = { label = "Sachgebiet", type = "text" }
as_of     = { label = "Datenstand", type = "timestamp" }
read      = { label = "Gelesen", type = "integer", sum = true }
published = { label = "Übernommen", type = "integer", sum = true }
rejected  = { label = "Zurückgewiesen", type = "integer", sum = true }
--- */
SELECT source, table_no, subject, as_of, read, published, rejected
FROM meta.load
QUALIFY row_number() OVER (PARTITION BY source, table_no ORDER BY finished_at DESC, run_id DESC) = 1
