"""The scheduler as a process: one at a time, catch-up at start, one run per business date."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import pytest
import time_machine
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_RUNNING
from tiny_city import refresh, write_city

from dashboard.__main__ import main
from dashboard.jobs.alarm import ClockWatch, judge_night
from dashboard.jobs.clock import Attempt, due_moment, last_due_date
from dashboard.jobs.heartbeat import HeartbeatWatch, last_heartbeat, scheduler_alive
from dashboard.jobs.locks import is_held, only_one
from dashboard.jobs.schedule import Night, NightTrigger, follow_clock, make_scheduler
from dashboard.jobs.supervisor import Charge, Errand, Supervisor
from dashboard.settings import Settings, load_settings
from tests.mail_server import MailServer
from warehouse.errors import RetriableError
from warehouse.ledger import Ledger
from warehouse.publish import Warehouse

CLOCK_CHANGES = [date(2026, 10, 25), date(2027, 3, 28)]
QUARTERS = [time_of_day(h, m) for h in range(6) for m in (0, 15, 30, 45) if (h, m) <= (5, 30)]


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    return write_city(tmp_path)


class Clock:
    """A clock that tests move."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def _night(
    city: Settings,
    clock: Clock,
    *,
    state: str = "published",
    watch: ClockWatch | None = None,
    moving: Callable[[], datetime] | None = None,
) -> tuple[Night, list[date]]:
    """A night whose refresh only notes itself in the ledger; its clock is not compared with a real one."""
    ledger, ran, now = Ledger(city.ledger_url), list[date](), moving or clock

    def start(day: date) -> int:
        ran.append(day)
        run_id = f"run-{len(ran)}"
        ledger.start_run(run_id, business_date=day, trigger="night", started_at=now())
        ledger.finish_run(run_id, state=state, finished_at=now() + timedelta(minutes=2))
        return 0

    return Night(city, ledger, start, now, watch or ClockWatch(lambda: now().timestamp())), ran


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)], ids=str)
def test_d1_the_night_runs_once_per_date_around_a_clock_change(city: Settings, day: date) -> None:
    clock = Clock(datetime.combine(day, datetime.min.time(), tzinfo=UTC) - timedelta(hours=30))
    night, ran = _night(city, clock)
    for _ in range(24 * 12 * 3):
        clock.now += timedelta(minutes=5)
        night.look()
    assert ran.count(day) == 1
    assert len(ran) == len(set(ran)) and ran == sorted(ran)


def test_d2_a_start_after_a_missed_night_catches_up_and_a_second_start_does_not(city: Settings) -> None:
    clock = Clock(datetime(2026, 6, 9, 9, tzinfo=UTC))
    night, ran = _night(city, clock)
    night.look()
    again, ran_again = _night(city, clock)
    again.look()
    assert (ran, ran_again) == ([date(2026, 6, 9)], [])


def test_d2_a_release_in_the_morning_does_not_take_the_place_of_a_night_that_was_slept_through(
    city: Settings,
) -> None:
    clock = Clock(datetime(2026, 6, 9, 7, tzinfo=UTC))
    part = refresh(city, day=date(2026, 6, 9), now=clock.now, only=["termine"])
    assert part.state == "published"
    night, ran = _night(city, clock)
    night.watch()
    assert [c.state for c in Ledger(city.ledger_url).conditions()] == ["ausgeblieben"]
    night.look()
    assert ran == [date(2026, 6, 9)]


def test_d1_the_night_is_found_behind_any_number_of_runs_for_single_sources(city: Settings) -> None:
    clock = Clock(datetime(2026, 6, 9, 2, tzinfo=UTC))
    night, ran = _night(city, clock)
    night.look()
    ledger = Ledger(city.ledger_url)
    for number in range(60):
        clock.now += timedelta(minutes=1)
        part = {"business_date": date(2026, 6, 9), "trigger": "part", "started_at": clock.now}
        ledger.start_run(f"part-{number}", **part)  # type: ignore[arg-type]
        ledger.finish_run(f"part-{number}", state="published", finished_at=clock.now)
    night.look()
    assert ran == [date(2026, 6, 9)]


def test_a_killed_run_does_not_block_the_night(city: Settings) -> None:
    clock = Clock(datetime(2026, 6, 9, 9, tzinfo=UTC))
    night, ran = _night(city, clock)
    Ledger(city.ledger_url).start_run(
        "dead", business_date=date(2026, 6, 9), trigger="night", started_at=clock.now - timedelta(hours=1)
    )
    night.look()
    clock.now += timedelta(hours=2)
    night.look()
    assert ran == [date(2026, 6, 9)]


def test_d5_looking_twice_at_once_starts_one_run(city: Settings) -> None:
    clock, release, started = Clock(datetime(2026, 6, 9, 9, tzinfo=UTC)), threading.Event(), list[date]()

    def start(day: date) -> int:
        started.append(day)
        release.wait(5)
        return 0

    night = Night(city, Ledger(city.ledger_url), start, clock)
    threads = [threading.Thread(target=night.look) for _ in range(5)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    release.set()
    for thread in threads:
        thread.join()
    assert started == [date(2026, 6, 9)]


def test_d2_jobs_are_neither_dropped_nor_doubled_by_apscheduler(city: Settings) -> None:
    scheduler = make_scheduler(_night(city, Clock(datetime.now(UTC)))[0], city)
    scheduler.start(paused=True)
    try:
        jobs = scheduler.get_jobs()
        assert {job.id for job in jobs} == {"night", "look", "watch", "beat"}
        assert all(job.misfire_grace_time is None and job.coalesce and job.max_instances == 1 for job in jobs)
    finally:
        scheduler.shutdown(wait=False)


@pytest.mark.parametrize("day", CLOCK_CHANGES, ids=str)
def test_d1_the_trigger_fires_once_a_day_at_every_quarter_of_the_night(city: Settings, day: date) -> None:
    for at in QUARTERS:
        trigger = NightTrigger(at, city.zone)
        now = datetime.combine(day - timedelta(days=2), time_of_day.min, tzinfo=UTC)
        fired: list[datetime] = []
        for _ in range(4):
            now = trigger.get_next_fire_time(fired[-1] if fired else None, now)
            fired.append(now)
        days = [moment.astimezone(city.zone).date() for moment in fired]
        assert days == [days[0] + timedelta(days=n) for n in range(4)], at
        assert fired == [due_moment(d, at, city.zone) for d in days], at


@pytest.mark.parametrize("day", CLOCK_CHANGES, ids=str)
@pytest.mark.parametrize("at", [time_of_day(0, 0), time_of_day(1, 45), time_of_day(3, 0), time_of_day(5, 30)])
def test_d1_a_real_scheduler_on_a_virtual_clock_runs_each_date_once(
    city: Settings, day: date, at: time_of_day
) -> None:
    city = city.model_copy(update={"night": city.night.model_copy(update={"at": at})})
    begin = datetime.combine(day, time_of_day.min, tzinfo=UTC) - timedelta(hours=26)
    with time_machine.travel(begin, tick=False) as traveller:
        night, ran = _night(city, Clock(begin), moving=lambda: datetime.now(UTC))
        scheduler = make_scheduler(night, city)
        scheduler.start(paused=True)
        scheduler.state = STATE_RUNNING
        try:
            for _ in range(26 * 3):
                traveller.shift(timedelta(hours=1))
                scheduler._process_jobs()
                _wait_until_idle(scheduler)
        finally:
            scheduler.shutdown(wait=True)
    assert day in ran and ran == sorted(set(ran))
    assert ran == [ran[0] + timedelta(days=n) for n in range(len(ran))]


def _wait_until_idle(scheduler: BackgroundScheduler) -> None:
    """Jobs run in threads; the clock stands still until they are done."""
    pool = scheduler._executors["default"]
    for _ in range(60_000):
        if not any(pool._instances.values()):
            return
        threading.Event().wait(0.002)
    raise AssertionError("a job did not end")


def test_d2_asleep_from_one_to_seven_means_one_catch_up(city: Settings) -> None:
    clock = Clock(datetime(2026, 6, 8, 6, tzinfo=UTC))
    night, ran = _night(city, clock)
    night.look()
    while clock.now < datetime(2026, 6, 9, 20, tzinfo=UTC):
        clock.now += timedelta(minutes=5)
        local = clock.now.astimezone(city.zone)
        if local.date() == date(2026, 6, 9) and 1 <= local.hour < 7:
            continue
        night.look()
    assert ran == [date(2026, 6, 8), date(2026, 6, 9)]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (timedelta(hours=-2), [7, 8, 9, 10]),
        (timedelta(days=1), [7, 8, 9, 10, 11]),
        (timedelta(minutes=2), [7, 8, 9, 10]),
    ],
    ids=["back two hours", "forward a day", "a correction"],
)
def test_d3_a_clock_that_is_set_neither_doubles_nor_skips_a_date_and_is_noted(
    city: Settings, step: timedelta, expected: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    clock, steady = Clock(datetime(2026, 6, 8, 0, tzinfo=UTC)), [0.0]
    night, ran = _night(city, clock, watch=ClockWatch(lambda: steady[0]))
    for number in range(60 * 12):
        clock.now += timedelta(minutes=5) + (step if number == 26 * 12 else timedelta(0))
        steady[0] += 300
        night.look()
        night.beat()
    assert ran == [date(2026, 6, day) for day in expected]
    noted = [e.detail["minutes"] for e in Ledger(city.ledger_url).audit_events() if e.what == "clock.stepped"]
    assert noted == ([round(step / timedelta(minutes=1))] if abs(step) > timedelta(minutes=5) else [])
    assert ("the clock was set" in caplog.text) is bool(noted)


def test_d3_after_the_clock_was_set_back_the_jobs_go_on_within_a_minute(city: Settings) -> None:
    begin = datetime(2026, 6, 9, 9, tzinfo=UTC)
    with time_machine.travel(begin, tick=False) as traveller:
        steady = [0.0]
        night, _ = _night(city, Clock(begin), moving=lambda: datetime.now(UTC))
        clock = ClockWatch(lambda: steady[0])
        scheduler = make_scheduler(night, city)
        scheduler.start(paused=True)
        scheduler.state = STATE_RUNNING
        try:
            for hours in (0, 0, -30, 0):
                traveller.shift(timedelta(hours=hours, minutes=1))
                steady[0] += 60
                follow_clock(scheduler, clock)
                scheduler._process_jobs()
                _wait_until_idle(scheduler)
                assert last_heartbeat(city) == datetime.now(UTC), "it beats by the clock on the wall"
        finally:
            scheduler.shutdown(wait=True)


def test_d3_a_sign_of_life_from_the_future_is_none(city: Settings) -> None:
    night, _ = _night(city, Clock(datetime(2026, 6, 9, 9, tzinfo=UTC)))
    night.beat()
    assert scheduler_alive(city, datetime(2026, 6, 9, 8, 59, tzinfo=UTC))
    assert not scheduler_alive(city, datetime(2026, 6, 8, 9, tzinfo=UTC))


def test_d4_four_web_workers_and_a_schedule_are_one_scheduler(city: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "dashboard"]
    where = ["--city", str(city.city)]
    serve = subprocess.Popen(
        [*command, "serve", *where, "--workers", "4", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    others: list[subprocess.Popen[str]] = []
    try:
        _wait_for(lambda: is_held(city.run_dir / "schedule.lock") and _workers(serve.pid) >= 4)
        others = [
            subprocess.Popen(
                [*command, "schedule", *where], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        refused = [other.communicate(timeout=60)[1] for other in others]
        holder = json.loads((city.run_dir / "schedule.lock").read_text(encoding="utf-8"))["pid"]
        assert [other.returncode for other in others] == [3, 3]
        assert all(f"PID {holder} seit" in text for text in refused)
        family = [pid for pid in _family(serve.pid) if "schedule" in _command(pid)]
        assert family == [holder], "the workers of the web server schedule nothing"
    finally:
        serve.send_signal(signal.SIGTERM)
        serve.communicate(timeout=40)
        for other in others:
            other.kill()
    assert not is_held(city.run_dir / "schedule.lock")


def _wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert condition()


def _workers(pid: int) -> int:
    """Processes of gunicorn below this one, without the one that only looks after them."""
    return sum("gunicorn" in _command(child) for child in _family(pid)) - 1


def _family(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in path.read_text(encoding="ascii").split():
                found += [int(child), *_family(int(child))]
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def test_d5_a_night_longer_than_a_day_is_waited_for_and_told_and_the_next_one_runs_once(
    city: Settings,
) -> None:
    clock = Clock(datetime(2026, 6, 8, 1, 15, tzinfo=UTC))
    night, ran = _night(city, clock)
    ledger = Ledger(city.ledger_url)
    with Warehouse(city.warehouse_dir).lock():
        ledger.start_run("long", business_date=date(2026, 6, 8), trigger="night", started_at=clock.now)
        for _ in range(26 * 4):
            clock.now += timedelta(minutes=15)
            night.look()
            night.watch()
        assert ran == []
        (told,) = ledger.conditions()
        assert (told.topic, told.state) == ("night", "ausgeblieben")
        assert told.since == datetime(2026, 6, 8, 4, 15, tzinfo=UTC), "three hours after its time"
        assert "Der Lauf für den 08.06.2026 ist seit 08.06.2026, 03:15\xa0Uhr unterwegs." in str(told.reason)
        ledger.finish_run("long", state="published", finished_at=clock.now)
    for _ in range(10):
        clock.now += timedelta(minutes=15)
        night.look()
        night.watch()
    assert ran == [date(2026, 6, 9)]
    assert ledger.conditions()[0].state == "in Ordnung"


def test_a_night_that_was_killed_three_times_is_told_and_one_that_failed_tells_its_own_reason(
    city: Settings,
) -> None:
    due = due_moment(date(2026, 6, 9), city.night.at, city.zone)

    def judged(state: str, tries: int, hours: float) -> str | None:
        attempts = [Attempt(date(2026, 6, 9), state, due + timedelta(minutes=31 * n)) for n in range(tries)]
        found = judge_night(city, attempts, due + timedelta(hours=hours))
        return found and found[0]

    assert judged("interrupted", 3, 1.5) == "ausgeblieben"
    assert judged("interrupted", 1, 1.5) is None and judged("interrupted", 1, 3) == "ausgeblieben"
    assert judged("failed", 3, 5) is None
    assert judged("published", 1, 5) == "in Ordnung"
    assert judged("", 0, 1) is None and judged("", 0, 3) == "ausgeblieben"


def test_a_night_is_not_told_as_missed_when_a_run_after_midnight_was_of_the_new_day(city: Settings) -> None:
    midnight = datetime(2026, 6, 9, 22, 5, tzinfo=UTC)
    for day, told in ((date(2026, 6, 10), "in Ordnung"), (date(2027, 1, 1), "ausgeblieben")):
        found = judge_night(
            city, [Attempt(day, "published", midnight, midnight)], midnight + timedelta(hours=1)
        )
        assert found and found[0] == told


def test_d8_a_silent_scheduler_raises_the_alarm_once_an_hour_and_its_return_is_told(city: Settings) -> None:
    clock, alarms = Clock(datetime(2026, 6, 9, 9, tzinfo=UTC)), list[datetime]()
    night, _ = _night(city, clock)
    night.beat()
    watch = HeartbeatWatch(city, lambda: alarms.append(clock.now), clock)

    def minutes(number: int, *, beating: bool) -> None:
        for _ in range(number):
            clock.now += timedelta(minutes=1)
            if beating:
                night.beat()
            watch.look()

    minutes(30, beating=True)
    assert alarms == []
    silent_since = clock.now
    minutes(80, beating=False)
    gone = [(moment - silent_since) / timedelta(minutes=1) for moment in alarms]
    assert gone == [16, 76], "after a quarter of an hour, and again an hour later"
    minutes(1, beating=True)
    assert len(alarms) == 3, "its return is told, too"


def test_d8_a_machine_that_wakes_up_raises_no_alarm(city: Settings) -> None:
    clock, alarms = Clock(datetime(2026, 6, 9, 9, tzinfo=UTC)), list[datetime]()
    night, _ = _night(city, clock)
    watch = HeartbeatWatch(city, lambda: alarms.append(clock.now), clock)
    night.beat()
    clock.now += timedelta(hours=6)
    watch.look()
    night.beat()
    clock.now += timedelta(minutes=1)
    watch.look()
    assert alarms == []


def test_d8_the_alarm_is_a_mail_to_the_operators_once_and_again_when_it_is_over(city: Settings) -> None:
    with MailServer() as server:
        text = (
            f'[mail]\nhost = "localhost"\nport = {server.port}\nsecurity = "none"\n'
            'sender = "portal@stadt.example"\noperators = ["it@stadt.example"]\n'
        )
        with (city.city / "portal.toml").open("a", encoding="utf-8") as file:
            file.write(text)
        settings = load_settings(city.city, {})
        old = datetime.now(UTC) - timedelta(minutes=20)
        _night(settings, Clock(old))[0].beat()
        alarm = ["schedule", "--alarm", "--city", str(city.city)]
        assert [main(alarm, {}), main(alarm, {})] == [0, 0]
        _night(settings, Clock(datetime.now(UTC)))[0].beat()
        assert main(alarm, {}) == 0
        subjects = [mail.message["Subject"] for mail in server.taken]
        assert subjects == [
            "Kleinstadt: Zeitplan der Nacht meldet sich nicht",
            "Kleinstadt: Der Zeitplan der Nacht läuft wieder",
        ]
        assert "Letztes Lebenszeichen: " in server.taken[0].text and "isek schedule" in server.taken[0].text


def test_d8_the_supervisor_sends_the_alarm_without_waiting_for_it(tmp_path: Path) -> None:
    sign = tmp_path / "sent"
    errand = Errand([sys.executable, "-c", f"open({str(sign)!r}, 'a').write('x')"], {})
    crew = Supervisor([Charge("x", [sys.executable, "-c", "import time; time.sleep(60)"])], {}, print)
    thread = threading.Thread(target=crew.run, kwargs={"each_minute": errand})
    thread.start()
    _wait_for(lambda: sign.exists() and sign.read_text(encoding="ascii") == "x", 20)
    crew.stop()
    thread.join(20)
    assert not thread.is_alive()


def test_d4_only_one_scheduler_holds_the_lock_and_a_dead_one_frees_it(tmp_path: Path) -> None:
    path = tmp_path / "schedule.lock"
    with only_one(path, "Der Zeitplan"):
        assert is_held(path)
        with pytest.raises(RetriableError, match="PID"), only_one(path, "Der Zeitplan"):
            pass
    assert not is_held(path)


def test_d8_a_sign_of_life_grows_old(city: Settings) -> None:
    with time_machine.travel(datetime(2026, 6, 9, 9, tzinfo=UTC), tick=False):
        night, _ = _night(city, Clock(datetime(2026, 6, 9, 9, tzinfo=UTC)))
        night.beat()
    assert scheduler_alive(city, datetime(2026, 6, 9, 9, 10, tzinfo=UTC))
    assert not scheduler_alive(city, datetime(2026, 6, 9, 9, 16, tzinfo=UTC))


def test_d4_the_real_scheduler_catches_up_at_start_refuses_a_second_one_and_ends_in_order(
    city: Settings,
) -> None:
    command = [sys.executable, "-m", "dashboard", "schedule", "--city", str(city.city)]
    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    ledger = Ledger(city.ledger_url)
    try:
        deadline = time.monotonic() + 180
        while not any(r.state == "published" for r in ledger.runs()) and time.monotonic() < deadline:
            time.sleep(0.1)
        runs = ledger.runs()
        today = last_due_date(datetime.now(UTC), city.night.at, city.zone)
        assert [(r.state, r.trigger, r.business_date) for r in runs] == [("published", "night", today)]
        second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert second.returncode == 3 and str(first.pid) in second.stderr
        assert scheduler_alive(city, datetime.now(UTC))
    finally:
        first.send_signal(signal.SIGTERM)
        output = first.communicate(timeout=120)[0]
    assert first.returncode == 0, output
    assert not is_held(city.run_dir / "schedule.lock")
