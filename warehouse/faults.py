"""What pydantic finds wrong with a value, said in the language of those who write the settings."""

from __future__ import annotations

import re

from pydantic_core import ErrorDetails

# Placeholders are the names pydantic gives in the context of a fault.
_SENTENCES: dict[str, str] = {
    "string_type": "erwartet wird ein Text",
    "string_too_short": "der Text ist zu kurz, mindestens {min_length} Zeichen",
    "string_too_long": "der Text ist zu lang, höchstens {max_length} Zeichen",
    "string_pattern_mismatch": "der Text passt nicht zum Muster {pattern}",
    "literal_error": "erlaubt sind {expected}",
    "enum": "erlaubt sind {expected}",
    "bool_type": "erwartet wird true oder false",
    "bool_parsing": "erwartet wird true oder false",
    "int_type": "erwartet wird eine ganze Zahl",
    "int_parsing": "erwartet wird eine ganze Zahl",
    "int_from_float": "erwartet wird eine ganze Zahl",
    "float_type": "erwartet wird eine Zahl",
    "float_parsing": "erwartet wird eine Zahl",
    "decimal_type": "erwartet wird eine Zahl",
    "decimal_parsing": "erwartet wird eine Zahl",
    "finite_number": "erwartet wird eine endliche Zahl",
    "greater_than": "der Wert muss größer sein als {gt}",
    "greater_than_equal": "der Wert muss mindestens {ge} sein",
    "less_than": "der Wert muss kleiner sein als {lt}",
    "less_than_equal": "der Wert darf höchstens {le} sein",
    "date_type": "erwartet wird ein Datum, z. B. 2026-06-09",
    "date_parsing": "erwartet wird ein Datum, z. B. 2026-06-09",
    "date_from_datetime_parsing": "erwartet wird ein Datum, z. B. 2026-06-09",
    "time_type": 'erwartet wird eine Uhrzeit, z. B. "03:15"',
    "time_parsing": 'erwartet wird eine Uhrzeit, z. B. "03:15"',
    "list_type": "erwartet wird eine Liste […]",
    "tuple_type": "erwartet wird eine Liste […]",
    "set_type": "erwartet wird eine Liste […]",
    "dict_type": "erwartet wird eine Tabelle {{…}}",
    "model_type": "erwartet wird eine Tabelle {{…}}",
    "too_short": "die Liste braucht mindestens {min_length} Einträge, es sind {actual_length}",
    "too_long": "die Liste darf höchstens {max_length} Einträge haben, es sind {actual_length}",
    "decimal_max_digits": "der Wert hat zu viele Ziffern, höchstens {max_digits}",
    "decimal_max_places": "der Wert hat zu viele Nachkommastellen, höchstens {decimal_places}",
    "decimal_whole_digits": "der Wert hat zu viele Stellen vor dem Komma, höchstens {whole_digits}",
    "date_from_datetime_inexact": "erwartet wird ein Datum ohne Uhrzeit, z. B. 2026-06-09",
    "union_tag_invalid": "{discriminator} nennt „{tag}“, erlaubt sind {expected_tags}",
    "union_tag_not_found": "{discriminator} fehlt",
    "value_error": "{error}",
    "assertion_error": "{error}",
}


def german_fault(fault: ErrorDetails) -> str:
    """One clause for a fault; pydantic's own words where this list has none."""
    if fault["type"] in ("list_type", "tuple_type") and isinstance(fault["input"], dict):
        return f"erwartet wird eine Liste: [[{fault['loc'][-1]}]] mit doppelten Klammern"
    sentence = _SENTENCES.get(fault["type"])
    context = {name: _german(value) for name, value in fault.get("ctx", {}).items()}
    return sentence.format_map(context) if sentence else str(fault["msg"])


def _german(value: object) -> str:
    return re.sub("'([^']*)'", "„\\1“", str(value)).replace(" or ", " oder ")
