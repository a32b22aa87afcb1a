"""All settings, as environment and defaults make them: listed without secrets, and those that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings

from index.settings import IndexSettings
from rag.model_settings import ModelSettings
from rag.record_settings import RecordSettings
from rag.settings import AnswerSettings
from ui.demo_limits import DemoLimits
from ui.settings import ServerSettings

PERSONAL = frozenset({"edgar_identity"})
KINDS: tuple[type[BaseSettings], ...] = (IndexSettings, AnswerSettings, ModelSettings, RecordSettings)
# Those of the server around the page, which are read by hand.
READ_BY_HAND: tuple[tuple[str, Callable[[], Any]], ...] = (
    ("FOOTNOTE_", ServerSettings.read),
    ("FOOTNOTE_DEMO_", DemoLimits.read),
)


@dataclass(frozen=True)
class Setting:
    """A setting in force; of a secret only whether it is set."""

    name: str
    value: str
    is_usual: bool


def in_force(data_dir: Path | None = None) -> list[Setting]:
    if misread():
        return []
    found: list[Setting] = []
    for kind in KINDS:
        of_a_folder = kind is IndexSettings and data_dir is not None
        found += _of(IndexSettings(data_dir=data_dir) if of_a_folder and data_dir else kind())
    for prefix, read in READ_BY_HAND:
        settings = read()
        for field in fields(settings):
            value, usual = getattr(settings, field.name), getattr(type(settings)(), field.name)
            shown = _shown(field.name, value) if field.repr else _whether(value)
            found.append(Setting(f"{prefix}{field.name}".upper(), shown, value == usual))
    return found


def misread() -> list[str]:
    """A sentence for each that cannot be read; pydantic's do not repeat what was given, for it may be a secret."""
    found: list[str] = []
    for kind in KINDS:
        try:
            kind()
        except ValidationError as error:
            for one in error.errors():
                name = f"FOOTNOTE_{'_'.join(map(str, one['loc']))}".upper()
                found.append(f"{name} cannot be read: {one['msg']}.")
    for _, read in READ_BY_HAND:
        try:
            read()
        except ValueError as error:
            found.append(str(error))
    return found


def _of(settings: BaseSettings) -> Iterator[Setting]:
    prefix = settings.model_config.get("env_prefix", "")
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        is_usual = value == field.get_default(call_default_factory=True)
        called = field.validation_alias if isinstance(field.validation_alias, str) else f"{prefix}{name}".upper()
        yield Setting(called, _shown(name, value), is_usual)


def _shown(name: str, value: object) -> str:
    """The value as it may be shown to anybody: an address may carry a password, an identity is somebody's."""
    if isinstance(value, SecretStr):
        return _whether(value.get_secret_value())
    if name.endswith("_url"):
        return f"set, at {_host(str(value))}" if value else "not set"
    if name in PERSONAL:
        return _whether(value)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _whether(value: object) -> str:
    return "set" if value else "not set"


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or "an address that is none"
    except ValueError:
        return "an address that is none"
