"""`isek model`: the city's calculations with their parameters, spans and sources."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from dashboard import formats
from dashboard.cli.errors import OK
from dashboard.cli.output import print_json, print_table
from dashboard.cli.stores import load_metrics, open_reader, read_settings
from dashboard.settings import Settings
from metrics.models.capacity import CapacityModel, CapacityResult, DaySpan, RoleResult, capacity
from metrics.models.cost import CostCell, CostModel, CostRow, CostTable, cost
from metrics.models.library import AnyModel, load_models, pick
from metrics.models.parameter import Day, Estimate, Parameter
from metrics.models.progress import Progress, ProgressModel, observe
from metrics.result import Scope
from warehouse.errors import ConfigError

KINDS = {"capacity": "Personal", "cost": "Kosten", "progress": "Fortschritt"}
NEVER = "nie"
CAUSES = {
    "andere_basis": "andere Basis",
    "folgt_aus_gedrucktem": "Folge des gedruckten Werts darüber",
    "ungeklaert": "nicht erklärt",
}


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
        ((name, *_parameter(item), item.stand, item.source) for name, item in parameters.items()),
        right=(1,),
    )
    for item in model.assumptions:
        print(f"Angenommen ({item.stand}): {item.text} Quelle: {item.source}")


def _parameter(item: Parameter | Day) -> tuple[str, str]:
    if isinstance(item, Day):
        return formats.day(item.value), "Tag"
    text = formats.number(item.value, _digits(item.value))
    if item.low is not None and item.high is not None:
        ends = (formats.number(end, _digits(end)) for end in (item.low, item.high))
        text += f" ({' bis '.join(ends)})"
    return ("rund " if item.qualifier == "rund" else "") + text, item.unit


def _digits(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


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


def capacity_parameters(model: CapacityModel) -> dict[str, Parameter | Day]:
    """All parameters by the names `--set` knows."""
    found: dict[str, Parameter | Day] = {
        "cases": model.cases,
        "net_days": model.net_days,
        "price": model.price,
        "start": model.start,
        "due": model.due,
    }
    for name, role in model.roles.items():
        found |= {f"days.{name}": role.days_per_case, f"posts.{name}": role.posts}
    return found


def _print_capacity(model: CapacityModel, result: CapacityResult) -> None:
    scenario = model.scenarios[result.scenario]
    print(f"\n{scenario.title} [{result.scenario}]")
    needed = f"Stellen nötig bis {formats.day(model.due.value)}"
    head = ("Rolle", "Personentage", "Stellen", needed, "Dauer in Jahren", "fertig", "Spanne")
    rows = [_role_line(role) for role in result.roles]
    if len(rows) > 1:
        all_roles = ("zusammen", result.need, result.posts, result.posts_needed, None)
        rows.append((*_amounts(*all_roles), "", ""))
    print_table(head, rows, right=(1, 2, 3, 4))
    posts = formats.number(_decimal(result.posts_needed.value))
    told = (
        f"; die Vorlage nennt {formats.number(scenario.printed_posts.value)}"
        if scenario.printed_posts
        else ""
    )
    print(f"Gerundet {posts} Stellen{told}. Engpass: {result.bottleneck.title}.")
    price, yearly = (
        formats.eur(_decimal(item.value)) for item in (result.price_in_time, result.yearly_price)
    )
    print(f"Preis des Termins {price}; vorhandene Stellen {yearly} je Jahr.")


def _role_line(role: RoleResult) -> tuple[str, ...]:
    amounts = _amounts(role.title, role.need, role.posts, role.posts_needed, role.years)
    return (*amounts, _done(role.done), _done_span(role.done))


def _amounts(
    title: str, need: Estimate, posts: Estimate, needed: Estimate, years: Estimate | None
) -> tuple[str, ...]:
    return (title, _estimate(need, 0), _estimate(posts, 1), _estimate(needed, 1), _estimate(years, 1))


def _estimate(item: Estimate | None, decimals: int) -> str:
    if item is None:
        return ""
    value, low, high = (formats.number(_decimal(v), decimals) for v in (item.value, item.low, item.high))
    return value if low == high else f"{value} ({low} bis {high})"


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _done(done: DaySpan | None) -> str:
    return formats.day(done.value) if done and done.value else NEVER


def _done_span(done: DaySpan | None) -> str:
    if done is None or done.earliest == done.latest:
        return ""
    return " bis ".join(formats.day(end) if end else NEVER for end in (done.earliest, done.latest))


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


def why(cell: CostCell, table: CostTable) -> str:
    """Say why an amount differs from its own rule: „andere Basis: Haushaltswirksame Kosten“."""
    if cell.cause is None:
        return ""
    titles = {row.id: row.title for row in table.rows}
    return CAUSES[cell.cause] + (f": {titles[cell.base]}" if cell.base else "")


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
    print_table(("Größe", "Wert"), _progress_lines(model, progress), right=(1,))
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


def _progress_lines(model: ProgressModel, progress: Progress) -> Iterator[tuple[str, str]]:
    goal, due = Fraction(model.goal.value), formats.day(model.due.value)
    yield (
        f"erreicht am {formats.day(progress.at)}",
        f"{formats.number(progress.reached)} von {formats.number(progress.total)}",
    )
    band, ahead, when = progress.band, progress.ahead(model.due.value), progress.when(goal)
    needed = progress.needed(goal, model.due.value)
    yield f"nötig je Monat für {formats.percent(_decimal(goal), 0)} bis {due}", _pace(needed)
    if band is None or when is None:
        yield "Prognose", "dafür fehlen volle Monate"
        return
    yield "Tempo je Monat (Spanne)", f"{_pace(band.middle)} ({_pace(band.low)} bis {_pace(band.high)})"
    if ahead:
        low, value, high = (formats.percent(_decimal(v)) for v in (ahead.low, ahead.value, ahead.high))
        yield f"Prognose zum {due} (Spanne)", f"{value} ({low} bis {high})"
    days = [formats.day(day) if day else NEVER for day in (when.middle, when.early, when.late)]
    yield "Ziel erreicht (Spanne)", f"{days[0]} ({days[1]} bis {days[2]})"


def _pace(value: Fraction | None) -> str:
    return formats.MISSING if value is None else formats.number(_decimal(value), 1)
