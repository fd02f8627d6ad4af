"""From ``--option`` and ``--without`` on the command line to the settings of minds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from simulation.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from simulation.kernel.spec import WorldSpec
    from simulation.language.patience import Endurance, OnOutage
    from simulation.mind.budget import Budget
    from simulation.mind.options import MindOptions
    from simulation.minds import Minds


def read_minds(names: Sequence[str] | None, spec: WorldSpec) -> Minds:
    """The kind of mind that people have, and who is played, from ``--mind``.

    Raises:
        ConfigError: There is no such kind or person.
    """
    from simulation.minds import Minds

    return Minds.parse(names or (), spec.cast, where="--mind").leave_directed(spec, "--mind")


def read_options(
    given: Sequence[str], without: Sequence[str], probes: Sequence[str] = ()
) -> MindOptions:
    """The settings of minds.

    Args:
        given: Each ``key=value``; of two values for one the last counts.
        without: Parts to switch off; each may name several, with commas between.
        probes: When people are asked in private where they stand.

    Raises:
        ConfigError: A setting, its value or a part that there is not.
    """
    from pydantic import ValidationError

    from simulation.cli.worlds import pairs_of
    from simulation.memory.retrieval import open_retrieval
    from simulation.mind.options import FOR_EXPERIMENTS, PARTS, MindOptions

    known = sorted(set(MindOptions.model_fields) - {"without", "probes", *FOR_EXPERIMENTS})
    pairs: dict[str, Any] = dict(pairs_of(given, "--option", "retrieval=recent"))
    for key in pairs:
        if key not in known:
            raise ConfigError("unknown setting", where="--option", value=key, allowed=known)
    parts = [part.strip() for several in without for part in several.split(",") if part.strip()]
    for part in parts:
        if part not in PARTS:
            raise ConfigError("no such part", where="--without", value=part, allowed=PARTS)
    if "retrieval" in pairs:
        open_retrieval(pairs["retrieval"])
    try:
        return MindOptions.model_validate({**pairs, "without": parts, "probes": tuple(probes)})
    except ValidationError as error:
        raise _refused(error.errors(include_url=False)[0]) from error


def _refused(detail: ErrorDetails) -> ConfigError:
    key = str(detail["loc"][0]) if detail["loc"] else "--option"
    said = detail["msg"].removeprefix("Value error, ")
    what = said[:1].lower() + said[1:]
    return ConfigError(f"{key}: {what}", where="--option", value=str(detail["input"]))


def read_budget(texts: list[str] | None, calls: int | None, prices: Path | None = None) -> Budget:
    """What may be spent, from ``--budget``, ``--budget-calls`` and ``--prices``."""
    from simulation.language.prices import Prices
    from simulation.mind.budget import Budget, Limits

    given = [*(texts or ()), *([] if calls is None else [f"calls={calls}"])]
    return Budget(Limits.parse(given), Prices.load(prices))


def read_endurance(timeout: float | None, attempts: int | None, outage: str | None) -> Endurance:
    """How long a model is waited for, from ``--timeout``, ``--attempts`` and ``--outage``.

    Raises:
        ConfigError: It cannot be borne so.
    """
    from simulation.language.patience import Endurance

    usual = Endurance()
    return Endurance(
        timeout=usual.timeout if timeout is None else timeout,
        attempts=usual.attempts if attempts is None else attempts,
        on_outage=cast("OnOutage", outage.replace("-", " ")) if outage else usual.on_outage,
    )
