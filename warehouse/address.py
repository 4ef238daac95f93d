"""How a mail address is written wherever a city names one."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

MailAddress = Annotated[
    str,
    # One plain address; nothing in it can begin a second header or a second recipient.
    StringConstraints(
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=254
    ),
]
