"""SQL files with a TOML header in their first comment: metrics and record lists share this form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from warehouse.errors import ConfigError
from warehouse.toml import line_of, parse_toml, read_text, validate

_FILE = re.compile(r"\A\s*/\* ---[ \t]*\r?\n(?P<toml>.*?)^--- \*/[ \t]*\r?\n(?P<sql>.*)\Z", re.S | re.M)
_EXAMPLE = "erste Zeile „/* ---“, dann TOML, dann eine Zeile „--- */“, dann ein SELECT"

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class SqlFile:
    """A file taken apart: header text and values, statement without its semicolon, and where both begin."""

    path: Path
    text: str
    header: dict[str, Any]
    header_line: int
    sql: str
    sql_line: int

    @property
    def id(self) -> str:
        """File name without ending; it is the id."""
        return self.path.stem

    def at(self, line_in_sql: int = 1) -> str:
        """Return `file:line` for a line of the statement (counted from 1)."""
        return f"{self.path}:{self.sql_line + line_in_sql - 1}"

    def at_key(self, *location: str) -> str:
        """Return `file:line` of a header key, or of the header when the key is not written."""
        return f"{self.path}:{line_of(self.text, location, first_line=self.header_line) or 1}"

    def typed(self, model: type[Model]) -> Model:
        """Check the header against a model; unknown keys are refused with file, line and a suggestion."""
        return validate(model, self.header, self.path, text=self.text, first_line=self.header_line)


def read_sql_file(path: Path) -> SqlFile:
    """Split a file into header and statement.

    Raises ConfigError (missing_header, toml_syntax) with file and line.
    """
    text = read_text(path)
    found = _FILE.match(text)
    if not found:
        raise ConfigError("Der Kopf fehlt", code="missing_header", where=f"{path}:1", allowed=_EXAMPLE)
    first_line = text.count("\n", 0, found.start("toml")) + 1
    sql = found["sql"]
    sql_start = found.start("sql") + len(sql) - len(sql.lstrip())
    return SqlFile(
        path=path,
        text=found["toml"],
        header=parse_toml(found["toml"], path, first_line=first_line),
        header_line=first_line,
        sql=sql.strip().rstrip(";").rstrip(),
        sql_line=text.count("\n", 0, sql_start) + 1,
    )
