"""From a design to its runs: what each lives, before anything is lived."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from personas.schema import BigFive, Speech
from simulation.errors import ConfigError
from simulation.interventions import parse_timed
from simulation.kernel.clock import Clock
from simulation.kernel.spec import find_world
from simulation.language.names import list_models
from simulation.minds import Minds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from personas import Persona
    from simulation.experiment.schema import Arm, Design, Measured
    from simulation.interventions import Timed
    from simulation.kernel.spec import WorldSpec

_MIDDLE: Final = 3.0


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of an experiment."""

    arm: str
    seed: int
    model: str

    @property
    def key(self) -> str:
        """Its name, which is also that of its folder."""
        model = "".join(letter if letter.isalnum() else "-" for letter in self.model)
        arm = "".join(letter if letter.isalnum() else "-" for letter in self.arm)
        return f"{arm}.{model}.{self.seed}"


def runs_of(design: Design) -> list[Run]:
    """Every run, seed by seed, so that an experiment that is cut short is balanced."""
    return [
        Run(arm=arm, seed=seed, model=model)
        for seed, model, arm in product(design.seeds, design.models, design.arms)
    ]


def mind_of(design: Design, arm: Arm) -> str:
    """The kind of mind in an arm."""
    if arm.baseline in ("uniform", "rules"):
        return arm.baseline
    return arm.mind or design.mind


def world_of(design: Design, name: str) -> tuple[WorldSpec, tuple[Timed, ...]]:
    """The description that an arm lives, and what is done to it from outside.

    Raises:
        BadInput: A lever, a value, the number of people or an intervention will not do.
    """
    arm = design.arms[name]
    agents = design.agents if arm.agents is None else arm.agents
    levers = {**design.set, **arm.set}
    try:
        spec = find_world(design.world).load(agents=agents, **levers)
    except ConfigError as error:
        raise ConfigError(f"{error}", where=f"arms.{name}") from error
    if design.start is not None:
        spec = spec.model_copy(update={"start": design.start})
    if arm.baseline == "no persona":
        spec = spec.model_copy(update={"cast": tuple(map(_anybody, spec.cast))})
    elif arm.baseline == "names rotated":
        spec = spec.model_copy(update={"cast": _rotated(spec.cast)})
    clock = Clock(start=spec.start, tick_minutes=spec.tick_minutes)
    script = tuple(parse_timed(line, clock, where=f"arms.{name}.do") for line in arm.do)
    return spec, script


def check(design: Design) -> None:
    """Refuse what could not be run or measured, before anything is.

    Raises:
        BadInput: With the name of the arm or the measure.
    """
    specs = [world_of(design, name)[0] for name in design.arms]
    for (name, arm), spec in zip(design.arms.items(), specs, strict=True):
        Minds.parse(mind_of(design, arm), spec.cast, where=f"arms.{name}: mind")
    kinds = sorted({info.name.partition(":")[0] for info in list_models()})
    for model in design.models:
        if model.strip().partition(":")[0] not in kinds:
            raise ConfigError("unknown model", where="models", value=model, allowed=kinds)
    for name, measured in design.measures.items():
        allowed = _allowed(measured, specs[0])
        about = measured.of.partition("=")[0]
        if allowed is not None and about not in allowed:
            where = f"measures.{name}.{measured.kind}"
            raise ConfigError(
                "there is nothing of that name", where=where, value=about, allowed=allowed
            )


def _allowed(measured: Measured, spec: WorldSpec) -> Sequence[str] | None:
    """What a measure can be about; None: anything."""
    if measured.kind in ("goal", "delivered"):
        return [goal.id for goal in spec.goals]
    if measured.kind == "knows":
        return [fact.id for fact in spec.facts]
    if measured.kind in ("position", "shifted"):
        return [topic.id for topic in spec.topics]
    return None


def _anybody(persona: Persona) -> Persona:
    """The same place in the world without a character: middling traits, no life, no ties."""
    middling = BigFive(**dict.fromkeys(BigFive.model_fields, _MIDDLE))
    return persona.model_copy(
        update={
            "biography": f"{persona.name} lives here.",
            "who": "lives here",
            "occupation": "resident",
            "big_five": middling,
            "relationships": (),
            "goals": (),
            "secrets": (),
            "speech": Speech(style="plain", language=persona.speech.language),
        }
    )


def _rotated(cast: tuple[Persona, ...]) -> tuple[Persona, ...]:
    """Everybody under the name of the next in the roster."""
    names = [persona.name for persona in cast]
    after = [*names[1:], *names[:1]]
    return tuple(
        persona.model_copy(update={"name": name}) for persona, name in zip(cast, after, strict=True)
    )
