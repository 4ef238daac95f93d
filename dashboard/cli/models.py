"""`isek model`: the city's calculations with their parameters, spans and sources."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from fractions import Fraction
from typing import Any

from dashboard import formats
from dashboard.cli.errors import OK
from dashboard.cli.output import print_json, print_table
from dashboard.cli.stores import load_metrics, open_reader, read_settings
from dashboard.cockpits.modell_worte import (
    KINDS,
    amounts,
    capacity_parameters,
    decimal,
    parameter_words,
    progress_lines,
    role_line,
    why,
)
from dashboard.settings import Settings
from metrics.models.capacity import CapacityModel, CapacityResult, capacity
from metrics.models.cost import CostCell, CostModel, CostRow, CostTable, cost
from metrics.models.library import AnyModel, load_models, pick
from metrics.models.parameter import Day, Parameter
from metrics.models.progress import Progress, ProgressModel, observe
from metrics.result import Scope
from warehouse.errors import ConfigError


def run_model(args: Namespace) -> int:
    """List the models, or compute one; --set asks with other values without changing the model."""
    settings = read_settings(args)
    models = load_models(settings.city)
    if args.model is None:
        return _list(models, args.json)
    model, values = pick(models, args.model), read_values(args.set)
    if values and not isinstance(model, CapacityModel):
        raise ConfigError("--set gilt nur für Personalrechnungen", code="no_parameters", found=args.model)
    if isinstance(model, CapacityModel):
        _capacity(args, model.with_values(values, args.today or _today(settings)) if values else model)
    elif isinstance(model, CostModel):
        _cost(args, model)
    else:
        _progress(args, model, settings)
    return OK


def read_values(pairs: list[str]) -> dict[str, str]:
    """Parse „name=wert“."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name or not value:
            raise ConfigError("--set erwartet NAME=WERT", code="bad_value", found=pair)
        found[name] = value
    return found


def _today(settings: Settings) -> date:
    """A question is dated with the published business date, so that its answer can be repeated."""
    return open_reader(settings).current().business_date


def _list(models: dict[str, AnyModel], as_json: bool) -> int:
    rows = [{"id": name, "kind": m.kind, "title": m.title, "city": m.city} for name, m in models.items()]
    if as_json:
        print_json(rows)
    else:
        lines = ((row["id"], KINDS[row["kind"]], row["city"], row["title"]) for row in rows)
        print_table(("Modell", "Art", "Stadt", "Bezeichnung"), lines)
    return OK


def _heading(model: AnyModel) -> None:
    print(f"{model.city}: {model.title}\nVorlage: {model.paper}")
    if model.note:
        print(model.note)


def _footing(parameters: dict[str, Parameter | Day], model: AnyModel) -> None:
    print("\nAnnahmen, jede mit Stand und Quelle")
    print_table(
        ("Parameter", "Wert", "Einheit", "Stand", "Quelle"),
        ((name, *parameter_words(item), item.stand, item.source) for name, item in parameters.items()),
        right=(1,),
    )
    for item in model.assumptions:
        print(f"Angenommen ({item.stand}): {item.text} Quelle: {item.source}")


def _capacity(args: Namespace, model: CapacityModel) -> None:
    names = [args.scenario] if args.scenario else list(model.scenarios)
    results = [capacity(model, name) for name in names]
    if args.json:
        answer = {
            "model": args.model,
            "parameters": _plain(capacity_parameters(model)),
            "results": [capacity_contract(result) for result in results],
        }
        print_json(answer)
        return
    _heading(model)
    for result in results:
        _print_capacity(model, result)
    _footing(capacity_parameters(model), model)


def _print_capacity(model: CapacityModel, result: CapacityResult) -> None:
    scenario = model.scenarios[result.scenario]
    print(f"\n{scenario.title} [{result.scenario}]")
    needed = f"Stellen nötig bis {formats.day(model.due.value)}"
    head = ("Rolle", "Personentage", "Stellen", needed, "Dauer in Jahren", "fertig", "Spanne")
    rows = [role_line(role) for role in result.roles]
    if len(rows) > 1:
        all_roles = ("zusammen", result.need, result.posts, result.posts_needed, None)
        rows.append((*amounts(*all_roles), "", ""))
    print_table(head, rows, right=(1, 2, 3, 4))
    posts = formats.number(decimal(result.posts_needed.value))
    told = (
        f"; die Vorlage nennt {formats.number(scenario.printed_posts.value)}"
        if scenario.printed_posts
        else ""
    )
    print(f"Gerundet {posts} Stellen{told}. Engpass: {result.bottleneck.title}.")
    price, yearly = (formats.eur(decimal(item.value)) for item in (result.price_in_time, result.yearly_price))
    print(f"Preis des Termins {price}; vorhandene Stellen {yearly} je Jahr.")


def capacity_contract(result: CapacityResult) -> dict[str, Any]:
    """JSON of one scenario; spans as value, low, high."""
    answer = _plain(asdict(result))
    answer["bottleneck"] = result.bottleneck.id
    answer["done"] = _plain(asdict(result.done)) if result.done else None
    answer["posts_rounded"] = int(formats.rounded(result.posts_needed.value))
    return dict(answer)


def _plain(value: Any) -> Any:
    """Exact fractions become numbers for JSON; whole ones stay whole."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else round(float(value), 6)
    if isinstance(value, Parameter | Day):
        return value.model_dump(exclude_none=True)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _cost(args: Namespace, model: CostModel) -> None:
    table = cost(model)
    if args.json:
        print_json(
            {"model": args.model, "parameters": _plain(model.parameters), "rows": cost_contract(table)}
        )
        return
    _heading(model)
    for column, title in table.columns.items():
        print(f"\n{title} (Euro)")
        print_table(
            ("Zeile", "wie beschlossen", "rechnerisch", "Abweichung", "Befund"),
            (_cost_line(row, row.cells[column], table) for row in table.rows),
            right=(1, 2, 3),
        )
    _footing(dict(model.parameters), model)


def _cost_line(row: CostRow, cell: CostCell, table: CostTable) -> tuple[str, ...]:
    difference = formats.number(cell.difference, plus=True) if cell.difference else ""
    return (
        row.title,
        formats.number(cell.printed),
        formats.number(cell.computed),
        difference,
        why(cell, table),
    )


def cost_contract(table: CostTable) -> list[dict[str, Any]]:
    """JSON of a table: one object per row and column, amounts as decimal strings."""
    return [
        {"row": row.id, "title": row.title, "column": name, **asdict(cell), "difference": cell.difference}
        for row in table.rows
        for name, cell in row.cells.items()
    ]


def _progress(args: Namespace, model: ProgressModel, settings: Settings) -> None:
    snapshot = open_reader(settings).current()
    progress = observe(model, load_metrics(settings.city), snapshot, scope=Scope.city())
    facts = dict(progress_facts(model, progress)) if progress else {}
    if args.json:
        print_json({"model": args.model, "snapshot": snapshot.name, "known": bool(facts), **_plain(facts)})
        return
    _heading(model)
    print(f"Stand {snapshot.name}\n")
    if progress is None:
        print("Kein Wert.")
        return
    print_table(("Größe", "Wert"), progress_lines(model, progress), right=(1,))
    names = ("window_months", "span_months", "due", "goal")
    _footing({name: getattr(model, name) for name in names}, model)


def progress_facts(model: ProgressModel, progress: Progress) -> Iterator[tuple[str, Any]]:
    """Everything the projection says, by stable names."""
    goal = Fraction(model.goal.value)
    yield from (("at", progress.at), ("reached", progress.reached), ("total", progress.total))
    yield from (("due", model.due.value), ("goal", goal), ("needed", progress.needed(goal, model.due.value)))
    ahead, when = progress.ahead(model.due.value), progress.when(goal)
    yield "pace", asdict(progress.band) if progress.band else None
    yield "outlook", asdict(ahead) if ahead else None
    yield "goal_reached", asdict(when) if when else None
