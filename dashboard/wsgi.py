"""What gunicorn starts: one server per worker, made after the fork."""

from __future__ import annotations

import gc
import logging
import os

from flask import Flask

from dashboard.answers import KEPT_S
from dashboard.app import ANSWERS, WARMER, create_app
from dashboard.cli.stores import open_services
from dashboard.log import start_logging
from dashboard.settings import (
    PRIVATE,
    find_city,
    forget_framework_variables,
    load_settings,
    process_environment,
)
from dashboard.shared_answers import SharedAnswers, start_of


def make_server() -> Flask:
    """Return the server of the city named by ISEK_CITY."""
    forget_framework_variables()
    environ = process_environment()
    os.umask(PRIVATE)
    start_logging(logging.INFO)
    settings = load_settings(find_city(None, environ), environ)
    services = open_services(settings)
    server = create_app(settings, services)
    start = start_of(settings.city, "".join(metric.hash for metric in services.catalog.metrics.values()))
    server.extensions[ANSWERS].shared = SharedAnswers(settings.run_dir / "antworten", start, KEPT_S)
    _spare_the_collector()
    server.extensions[WARMER].watch()
    return server


def _spare_the_collector() -> None:
    """What was made until now stays as long as the process: not to be searched for garbage again and again.

    A page is thousands of small objects that are gone when it is written; with the usual thresholds a third
    of the time of drawing one went into searching everything else.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
