"""The interface against its own description: requests made from it, fitting and not, each answer checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.config import SchemathesisConfig

from tests.example_city import ExampleCity
from tests.programs import Programs, programs

DOCUMENT = "/api/v1/openapi.json"
# So that requests reach figures and do not only try names: some of every kind, a protected one among them.
METRICS = [
    "ozg_online_share",
    "citizen_case_count",
    "budget_frame_eur",
    "case_duration_days",
    "gibt_es_nicht",
]
LISTS = ["services", "budget_positions", "applications", "deliveries", "gibt_es_nicht"]
DIMENSIONS = ["period", "fachdienst", "themenfeld", "produkt", "procedure", "org_unit_id", "nichts"]
EXPLORE = "/api/v1/explore"
EXPLORED = {
    "daten": ["bestand:einzelleistung_eigen", "liste:services", "bestand:nichts"],
    "werte": ["ozg_online_share", "ozg_online_share.nenner", "anzahl", "nichts"],
    "zeilen": ["fachdienst", "themenfeld,fachdienst", "nichts"],
    "spalten": ["themenfeld", "year", "nichts"],
}
MANY, FEW = 40, 5
# All checks of schemathesis, with two words more: the door refuses well-formed questions as well (422: a
# breakdown a metric does not have), and an address may be too long (414).
USUAL = ["401", "403", "404", "409", "422", "429", "5xx"]
CONFIG: dict[str, Any] = {
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", *USUAL]},
        "negative_data_rejection": {"expected-statuses": ["400", "405", "406", "414", *USUAL]},
    }
}


@pytest.fixture(scope="module")
def api(example_city: ExampleCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    found = programs(example_city, f"sqlite:///{tmp_path_factory.mktemp('kladde')}/kladde.sqlite")
    yield found
    found.ledger.close()


def described(api: Programs) -> Any:
    """The description as it is served, with names that exist in place of patterns."""
    raw: Any = api.server.test_client().get(DOCUMENT).get_json()
    for path, name, values in (("metrics", "metric", METRICS), ("lists", "list", LISTS)):
        operation = raw["paths"][f"/api/v1/{path}/{{{name}}}"]["get"]
        for parameter in operation["parameters"]:
            if parameter["name"] == name:
                parameter["schema"] = {"enum": values}
            if parameter["name"] == "by":
                parameter["schema"]["items"] = {"enum": DIMENSIONS}
    for parameter in raw["paths"][EXPLORE]["get"]["parameters"]:
        if values := EXPLORED.get(parameter["name"]):
            parameter["schema"] = {"enum": values}
    schema: Any = schemathesis.openapi.from_dict(raw, config=SchemathesisConfig.from_dict(CONFIG))
    schema.app = api.server
    return schema


def requests() -> list[tuple[str, Any]]:
    """All paths in both ways; what has neither parameters nor a token cannot be asked wrongly."""
    ends = ("metrics", "metrics/{metric}", "lists", "lists/{list}", "explore", "status")
    both = [(f"/api/v1/{end}", mode) for end in ends for mode in schemathesis.GenerationMode]
    return [(DOCUMENT, schemathesis.GenerationMode.POSITIVE), *both]


@pytest.mark.parametrize(("path", "mode"), requests())
def test_every_answer_to_made_up_requests_is_as_the_description_says(
    api: Programs, path: str, mode: Any
) -> None:
    operation = described(api)[path]["GET"]
    headers = {"Authorization": f"Bearer {api.token('controlling')}"}
    is_rich, answered = "{" in path or path == EXPLORE, list[int]()

    @seed(20260609)
    @settings(
        max_examples=MANY if is_rich else FEW, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        answered.append(case.call_and_validate(headers=headers).status_code)

    check()
    if is_rich and mode is schemathesis.GenerationMode.POSITIVE:
        assert {200, 422} <= set(answered), "requests reach the figures"
    assert answered
