"""What a model costs: a small table, and the user's own figures over it.

A price is found by the model's name; one for ``openai:gpt-5-mini`` holds for its dated snapshots,
too. What runs on one's own machine costs nothing. Of several figures for a model the last counts:

1. ``prices.yaml`` of this package, each figure with the day and the page it was read on,
2. ``prices.yaml`` in the user's configuration folder,
3. the file that ``SOCIARIUM_PRICES`` names,
4. the file that is given: ``--prices``.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from platformdirs import user_config_path
from pydantic import BaseModel, ConfigDict, Field

from simulation.errors import ConfigError
from simulation.located_yaml import read_yaml, validate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.language.base import Usage

VARIABLE: Final = "SOCIARIUM_PRICES"
"""The environment variable that names a file of prices."""
FREE: Final = ("local", "fake", "recorded", "ollama", "scripted")
"""Kinds of models that nobody sends a bill for."""
_OWN: Final = Path(__file__).with_name("prices.yaml")
_SNAPSHOT: Final = re.compile(r"[-@](?:\d{8}|\d{4}-\d\d-\d\d|latest)$")
_MILLION: Final = 1_000_000


class Price(BaseModel):
    """What a model costs, in US dollars per million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    model: str = Field(min_length=1)
    """Its name, as ``--model`` takes it."""
    input: float = Field(ge=0, allow_inf_nan=False)
    """Tokens read."""
    cached_input: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """Tokens read that the provider's prefix cache held; without it, as dear as the others."""
    output: float = Field(ge=0, allow_inf_nan=False)
    """Tokens written."""
    as_of: str = ""
    """The day on which the figure was read."""
    source: str = ""
    """Where."""

    def cost(self, usage: Usage) -> float:
        """What an answer cost, in US dollars.

        Examples:
            >>> from simulation.language.base import Usage
            >>> price = Price(model="m", input=2, cached_input=0.5, output=10)
            >>> price.cost(Usage(prompt_tokens=1000, cached_tokens=600, reply_tokens=100))
            0.0021
        """
        cached = self.input if self.cached_input is None else self.cached_input
        fresh = usage.prompt_tokens - usage.cached_tokens
        spent = fresh * self.input + usage.cached_tokens * cached + usage.reply_tokens * self.output
        return spent / _MILLION


class PriceFile(BaseModel):
    """A file of prices."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    prices: tuple[Price, ...]
    """One row for each model."""


class Prices:
    """Prices by the names of models; see the module for where they come from.

    Args:
        rows: Of two for one model the later counts.
    """

    def __init__(self, rows: Iterable[Price] = ()) -> None:
        self._rows = {row.model: row for row in rows}

    @classmethod
    def load(cls, path: str | Path | None = None) -> Self:
        """The table, with the user's own figures.

        Args:
            path: A file of the user's.

        Raises:
            FileError: A file is not one of prices.
        """
        files = (_OWN, *_of_the_user(path))
        return cls(row for file in files for row in _rows(file, _changed(file)))

    @property
    def rows(self) -> tuple[Price, ...]:
        """All of them, by name."""
        return tuple(self._rows[name] for name in sorted(self._rows))

    def find(self, model: str) -> Price | None:
        """The price of a model; None where it is not known.

        Examples:
            >>> Prices().find("local").output, Prices().find("openai:unheard-of")
            (0.0, None)
        """
        if model.startswith("faulty:"):
            return self.find(model.split(":", 2)[-1])
        for name in (model, _SNAPSHOT.sub("", model), model.partition("@")[0]):
            if name in self._rows:
                return self._rows[name]
        if model.partition(":")[0] in FREE:
            return Price(model=model, input=0, output=0)
        return None

    def need(self, model: str) -> Price:
        """The same, where there must be one.

        Raises:
            ConfigError: It is not known.
        """
        found = self.find(model)
        if found is None:
            raise ConfigError(
                "its price is not known, so money cannot be counted",
                where="model",
                value=model,
                hint="Give it in a file with --prices: 'prices: [{model: "
                f"{model!r}, input: …, cached_input: …, output: …}}]', in US dollars per million "
                "tokens; 0 where nobody sends a bill.",
            )
        return found

    def cost(self, model: str, usage: Usage) -> float:
        """What an answer cost, in US dollars; 0 where the price is not known."""
        price = self.find(model)
        return price.cost(usage) if price else 0.0


def _changed(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0


@lru_cache(maxsize=8)
def _rows(path: Path, _changed: int) -> tuple[Price, ...]:
    return validate(read_yaml(path), PriceFile).prices


def _of_the_user(given: str | Path | None) -> list[Path]:
    """The user's files, the one that counts most last; only the configured one may be missing."""
    configured = user_config_path("sociarium", appauthor=False) / "prices.yaml"
    named = os.environ.get(VARIABLE)
    files = [Path(name).expanduser() for name in (named, given) if name]
    return [configured, *files] if configured.is_file() else files
