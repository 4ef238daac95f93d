"""Certificates for TLS servers in tests, made by the `openssl` command; skipped where it is missing."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import missing

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@dataclass(frozen=True)
class Authority:
    """A certificate authority in a folder of its own."""

    folder: Path

    @property
    def ca_file(self) -> Path:
        """What a client has to trust."""
        return self.folder / "ca.pem"

    @classmethod
    def create(cls, folder: Path) -> Authority:
        """A new authority; without openssl the test is skipped, or fails where services are required."""
        if shutil.which("openssl") is None:
            missing("the command openssl is not installed")
        folder.mkdir()
        made = cls(folder)
        _openssl(folder, "req", "-x509", *_KEY, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2",
                 "-subj", "/CN=Test-CA")  # fmt: skip
        return made

    def certificate(self, name: str = "IP:127.0.0.1", days: int = 2) -> Path:
        """Key and certificate in one file for a subject alternative name; negative days have run out."""
        stem = f"server{len(list(self.folder.iterdir()))}"
        key, request, signed, extension = (f"{stem}.{end}" for end in ("key", "csr", "crt", "ext"))
        (self.folder / extension).write_text(f"subjectAltName={name}\n", encoding="ascii")
        _openssl(self.folder, "req", *_KEY, "-keyout", key, "-out", request, "-subj", "/CN=Test")
        _openssl(self.folder, "x509", "-req", "-in", request, "-CA", "ca.pem", "-CAkey", "ca.key",
                 "-CAcreateserial", "-out", signed, "-days", str(days), "-extfile", extension)  # fmt: skip
        both = self.folder / f"{stem}.pem"
        both.write_bytes((self.folder / key).read_bytes() + (self.folder / signed).read_bytes())
        return both


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
