"""The secrets of a local system: made once, kept in a file only its user may read."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

# No letters that look like another.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def kept_keys(folder: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """SECRET_KEY, CLIENT_KEY and DEMO_PASSWORD: the environment's, else the kept, else new."""
    file = folder / "keys"
    kept = _read(file)
    made = {
        "SECRET_KEY": kept.get("SECRET_KEY") or secrets.token_urlsafe(48),
        "CLIENT_KEY": kept.get("CLIENT_KEY") or secrets.token_hex(32),
        "DEMO_PASSWORD": kept.get("DEMO_PASSWORD") or _password(),
    }
    if made != kept:
        _write(file, made)
    return {name: environ.get(name) or value for name, value in made.items()}


def _password() -> str:
    """Sixty bits, in three words that can be typed."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))


def _read(file: Path) -> dict[str, str]:
    if not file.exists():
        return {}
    lines = file.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _write(file: Path, keys: Mapping[str, str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:  # noqa: PTH123 - the mode from the first byte
        out.writelines(f"{name}={value}\n" for name, value in keys.items())
    fresh.replace(file)
