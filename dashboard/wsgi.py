"""What gunicorn starts: one server per worker, made after the fork."""

from __future__ import annotations

import logging
import os

from flask import Flask

from dashboard.app import WARMER, create_app
from dashboard.cli.stores import open_services
from dashboard.log import start_logging
from dashboard.settings import (
    PRIVATE,
    find_city,
    forget_framework_variables,
    load_settings,
    process_environment,
)


def make_server() -> Flask:
    """Return the server of the city named by ISEK_CITY."""
    forget_framework_variables()
    environ = process_environment()
    os.umask(PRIVATE)
    start_logging(logging.INFO)
    settings = load_settings(find_city(None, environ), environ)
    server = create_app(settings, open_services(settings))
    server.extensions[WARMER].watch()
    return server
