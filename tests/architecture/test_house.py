"""The house keeps its shape: floors, sizes, names and what may not be in the tree."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("warehouse", "connectors", "metrics", "dashboard")
SOURCES = sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py"))
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [n for n in ast.walk(_tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_imports_point_downwards() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_source_file_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_functions_stay_short() -> None:
    lengths = sorted(_length(f) for path in SOURCES for f in _functions(path))
    assert lengths[len(lengths) // 2] <= 12, "median"
    assert lengths[int(len(lengths) * 0.9)] <= 30, "p90"


def test_module_names_say_what_is_inside() -> None:
    found = {p for p in SOURCES if set(p.stem.split("_")) & BANNED_NAMES}
    assert not found


def test_only_settings_and_the_command_line_read_the_environment() -> None:
    allowed = {
        ROOT / "dashboard/settings.py",
        ROOT / "dashboard/__main__.py",
    }
    readers = {
        path
        for path in SOURCES
        if path not in allowed and re.search(r"os\.environ\b|os\.getenv\(", path.read_text(encoding="utf-8"))
    }
    assert not {str(p.relative_to(ROOT)) for p in readers}


def test_no_random_or_wall_clock_inside_the_meaning_of_figures() -> None:
    pattern = re.compile(r"datetime\.now\(|date\.today\(|\brandom\b")
    for path in sorted((ROOT / "metrics").rglob("*.py")):
        assert not pattern.search(path.read_text(encoding="utf-8")), path


def test_public_functions_and_classes_of_the_floors_have_docstrings() -> None:
    missing = []
    for path in SOURCES:
        for node in _tree(path).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                missing.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not missing, "\n".join(missing)


def test_the_night_never_loads_the_web_libraries() -> None:
    code = (
        "import sys, pkgutil, importlib, dashboard.jobs as j\n"
        "[importlib.import_module('dashboard.jobs.' + m.name) for m in pkgutil.iter_modules(j.__path__)]\n"
        "loaded = {'dash', 'plotly', 'flask'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_pin_files_name_no_addresses() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.\-]+==[A-Za-z0-9.!+]+", line) for line in lines)


def test_sql_is_never_glued_from_values() -> None:
    """No f-string or concatenation goes straight into an execute call with a value in it."""
    offenders = []
    for path in SOURCES:
        for node in ast.walk(_tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr not in {"execute", "executemany"} or not node.args:
                continue
            first = node.args[0]
            if isinstance(first, ast.BinOp) and isinstance(first.op, ast.Mod):
                offenders.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not offenders
