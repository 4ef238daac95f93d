"""Questions about sources and files, answered in processes of their own: hostile files harm nobody else."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, TypeVar

from connectors.land import Failure, Landed
from connectors.reasons import german_reason
from connectors.registry import connect
from dashboard.jobs.confinement import MIB, Ward, Warden, confine
from dashboard.jobs.extract import Order, extract
from dashboard.jobs.plan import make_context
from warehouse.errors import AccessError, ConfigError, ContractError, IsekError, RetriableError

if TYPE_CHECKING:
    from connectors.base import SourceSpec
    from dashboard.settings import Settings
    from warehouse.contract import Subject

T = TypeVar("T")
ANSWER_S, ANSWER_MB = 120.0, 1024
_ERRORS = {kind.__name__: kind for kind in (ConfigError, AccessError, RetriableError, ContractError)}


def check_sources(
    settings: Settings, specs: Sequence[SourceSpec], subjects: Mapping[str, Subject]
) -> dict[str, Landed]:
    """What each source finds about itself, by its id; a check that hangs or bursts fails alone."""
    context = make_context(settings, datetime.now(UTC))
    orders = [Order(spec, context, subjects, {}, settings.landing_dir, "check") for spec in specs]
    night = settings.night
    answers = extract(
        orders,
        parallel=night.parallel,
        limit_s=min(ANSWER_S, night.source_minutes * 60),
        memory_mb=night.source_memory_mb,
        target=check_source,
    )
    return {source: answer.landed for source, answer in answers.items()}


def check_source(pipe: Connection, order: Order) -> None:
    """Body of a child: check and answer."""
    try:
        findings = connect(order.spec, order.context, order.subjects).check()
        pipe.send(Landed(order.spec.id, findings=tuple(findings)))
    except IsekError as error:
        failure = Failure(error.code, german_reason(error), str(error))
        pipe.send(Landed(order.spec.id, failure=failure))


def answer_apart(
    question: Callable[..., T], *arguments: Any, limit_s: float = ANSWER_S, memory_mb: int = ANSWER_MB
) -> T:
    """What a function answers in a process of its own. Question, arguments and answer are picklable.

    Raises the IsekError it raised, ContractError `too_much` when it took more time or memory than allowed.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(sender, memory_mb, question, arguments))
    process.start()
    sender.close()
    with Warden() as warden:
        ward = warden.take(Ward(process.pid or 0, time.monotonic() + limit_s, memory_mb * MIB))
        # A process that has not come as far as its limits is ended here, not by the warden.
        while not receiver.poll(0.1) and ward.verdict is None and process.is_alive():
            pass
        said: tuple[str, Any] | None = None
        with suppress(EOFError, OSError):
            said = receiver.recv() if ward.verdict is None else None
    process.kill()
    process.join()
    if said is None:
        raise _nothing_said(ward.verdict)
    kind, content = said
    if kind == "answer":
        return content  # type: ignore[no-any-return]
    raise _ERRORS.get(kind, IsekError)(**content)


def _nothing_said(verdict: str | None) -> ContractError:
    why = {"time": "es dauerte zu lange", "memory": "es brauchte zu viel Arbeitsspeicher"}
    return ContractError(
        "Die Datei ließ sich nicht ansehen",
        code="too_much",
        found=why.get(verdict or "", "der Leseprozess endete ohne Ergebnis"),
    )


def _answer(
    pipe: Connection, memory_mb: int, question: Callable[..., object], arguments: Sequence[Any]
) -> None:
    confine(memory_mb)
    try:
        pipe.send(("answer", question(*arguments)))
    except IsekError as error:
        told = {name: getattr(error, name) for name in ("what", "code", "where", "allowed", "next_step")}
        found = None if error.found is None else str(error.found)
        pipe.send((type(error).__name__, {**told, "found": found}))
