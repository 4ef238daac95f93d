/* ---
label = "Bestandteile des Verfügungsrahmens und ihre Rechtsgrundlagen"
scope = "city"
order = ["land", "komponente"]

[columns]
land            = { label = "Land", type = "text" }
komponente      = { label = "Bestandteil", type = "text" }
bezeichnung     = { label = "Bezeichnung", type = "text" }
rechtsgrundlage = { label = "Rechtsgrundlage", type = "text" }
quelle          = { label = "Fundstelle", type = "text" }
hinweis         = { label = "Hinweis", type = "text" }
--- */
SELECT land, komponente, bezeichnung, rechtsgrundlage, quelle, hinweis FROM core.budget_component
