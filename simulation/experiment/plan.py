"""From a design to its runs: what each lives, before anything is lived."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from personas.schema import BigFive, Speech
from simulation.errors import ConfigError
from simulation.experiment.answers import Wanted
from simulation.experiment.parts import READS_WORDS, Arm
from simulation.experiment.placebo import has_words, placebo
from simulation.experiment.schema import PLAIN, needs_source
from simulation.experiment.wordings import check_paraphrases
from simulation.interventions import Timed, parse_timed
from simulation.kernel.clock import Clock, minutes_of
from simulation.kernel.intervention import Add
from simulation.kernel.spec import find_world
from simulation.language.names import list_models
from simulation.mind.options import FOR_EXPERIMENTS, MindOptions
from simulation.minds import GENERATIVE, Minds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from personas import Persona
    from simulation.experiment.schema import Design, Measured
    from simulation.kernel.spec import WorldSpec

_MIDDLE: Final = 3.0
OF_ANSWERS: Final = ("answered", "changed", "yea_saying")
OF_OBJECTS: Final = ("spent", "exhausted")
"""Kinds of measures that are about answers, and about ``THING.ATTRIBUTE``."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of an experiment."""

    arm: str
    seed: int
    model: str
    world: str = ""
    """Empty: the design has one only."""
    paraphrase: str = PLAIN

    @property
    def key(self) -> str:
        """Its name, which is also that of its folder."""
        parts = [self.arm, self.model]
        parts += [self.paraphrase] if self.paraphrase != PLAIN else []
        parts += [self.world] if self.world else []
        return ".".join([*map(_plain, parts), str(self.seed)])


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name)


def runs_of(design: Design) -> list[Run]:
    """Every run, seed by seed, so that an experiment that is cut short is balanced.

    Isolates come last within their seed: they are made from what came of another run. Arms in
    which minds without a model ask nothing have one paraphrase; those that :func:`left_out` names
    have no run.
    """
    out = left_out(design)
    arms = sorted(
        (name for name in design.arms if name not in out),
        key=lambda name: design.arms[name].baseline == "isolates",
    )
    worlds = design.worlds if len(design.worlds) > 1 else ("",)
    grid = product(design.seeds, design.models, worlds, design.paraphrases, arms)
    return [
        Run(arm=arm, seed=seed, model=model, world=world, paraphrase=paraphrase)
        for seed, model, world, paraphrase, arm in grid
    ]


def left_out(design: Design) -> dict[str, str]:
    """Arms that cannot be run with the minds of this design, and why."""
    found: dict[str, str] = {}
    for name, arm in design.arms.items():
        mind = mind_of(design, arm)
        if arm.baseline in READS_WORDS and mind != GENERATIVE:
            found[name] = f"{arm.baseline} changes what a model reads, and a {mind} mind reads none"
    return found


def whole(design: Design, name: str) -> Arm:
    """An arm with everything that it takes over from the one that it is a baseline of."""
    arm = design.arms[name]
    source = arm.of or (design.control if needs_source(arm) else None)
    if source is None:
        return arm
    other = design.arms[source]
    taken: dict[str, Any] = {
        "set": {**other.set, **arm.set},
        "options": {**other.options, **arm.options},
        "mind": arm.mind or other.mind,
        "do": arm.do or other.do,
        "agents": other.agents if arm.agents is None else arm.agents,
        "of": source,
    }
    if other.baseline in ("uniform", "rules") and arm.mind is None:
        taken["mind"] = other.baseline
    return arm.model_copy(update=taken)


def mind_of(design: Design, arm: Arm) -> str:
    """The kind of mind in an arm."""
    if arm.baseline in ("uniform", "rules"):
        return arm.baseline
    if arm.mind is None and arm.of is not None:
        return mind_of(design, design.arms[arm.of])
    return arm.mind or design.mind


def options_of(design: Design, run: Run) -> MindOptions:
    """The settings of the minds in a run.

    Raises:
        BadInput: There is no such setting, or it cannot have this value.
    """
    arm = whole(design, run.arm)
    given: dict[str, Any] = {**design.options, **arm.options}
    unknown = [name for name in given if name in (*FOR_EXPERIMENTS, "probes")]
    where = f"arms.{run.arm}.options"
    if unknown:
        hint = "Paraphrases, labels, baselines and probes have places of their own in the file."
        raise ConfigError("not set here", where=where, value=unknown[0], hint=hint)
    if "without" in given:
        given["without"] = [part.strip() for part in given["without"].split(",") if part.strip()]
    given |= {
        "probes": design.probes,
        "prompts": design.paraphrases[run.paraphrase],
        "blind": arm.baseline == "situation-blind",
        "labels": arm.labels,
    }
    try:
        return MindOptions.model_validate(given)
    except ValidationError as error:
        told = error.errors(include_url=False)[0]
        name = str(told["loc"][0]) if told["loc"] else ""
        what = f"{name}: {told['msg'].removeprefix('Value error, ')}"
        raise ConfigError(what, where=where, value=str(told["input"])) from error


def world_of(design: Design, name: str, world: str = "") -> tuple[WorldSpec, tuple[Timed, ...]]:
    """The description that an arm lives, and what is done to it from outside.

    Raises:
        BadInput: A lever, a value, the number of people or an intervention will not do.
    """
    arm = whole(design, name)
    agents = design.agents if arm.agents is None else arm.agents
    levers = {**design.set, **arm.set}
    try:
        spec = find_world(world or design.worlds[0]).load(agents=agents, **levers)
    except ConfigError as error:
        raise ConfigError(f"{error}", where=f"arms.{name}") from error
    if design.start is not None:
        spec = spec.model_copy(update={"start": _hour(design.start)})
    if arm.baseline == "no persona":
        spec = spec.model_copy(update={"cast": tuple(map(_anybody, spec.cast))})
    elif arm.baseline == "names rotated":
        spec = spec.model_copy(update={"cast": _rotated(spec.cast)})
    clock = Clock(start=spec.start, tick_minutes=spec.tick_minutes)
    script = tuple(parse_timed(line, clock, where=f"arms.{name}.do") for line in arm.do)
    if arm.baseline == "placebo messages":
        script = tuple(map(_beside_the_point, script))
    return spec, script


def check(design: Design) -> None:
    """Refuse what could not be run or measured, before anything is.

    Raises:
        BadInput: With the name of the arm or the measure.
    """
    check_paraphrases(design.paraphrases)
    for world in design.worlds:
        specs = [world_of(design, name, world)[0] for name in design.arms]
        for (name, arm), spec in zip(design.arms.items(), specs, strict=True):
            where = f"arms.{name}: mind"
            Minds.parse(mind_of(design, arm), spec.cast, where=where).leave_directed(spec, where)
        for name, measured in design.measures.items():
            _can_be_measured(name, measured, specs[0])
    keys = [run.key for run in runs_of(design)]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        hint = "Names of arms, models and paraphrases must differ in their letters and digits."
        raise ConfigError("two runs would have one folder", where="arms", value=twice, hint=hint)
    for name in design.arms:
        _has_a_message(design, name)
        _keeps_its_people(design, name)
        run = Run(arm=name, seed=0, model="", paraphrase=next(iter(design.paraphrases)))
        options_of(design, run)
    kinds = sorted({info.name.partition(":")[0] for info in list_models()})
    for model in design.models:
        if model.strip().partition(":")[0] not in kinds:
            raise ConfigError("unknown model", where="models", value=model, allowed=kinds)


def _can_be_measured(name: str, measured: Measured, spec: WorldSpec) -> None:
    where = f"measures.{name}.{measured.kind}"
    if measured.kind in OF_ANSWERS:
        try:
            Wanted.parse(measured.of)
        except ValueError as error:
            raise ConfigError(f"{error}", where=where) from error
    allowed = _allowed(measured, spec)
    for about in _named(measured):
        if allowed is not None and about not in allowed:
            what = "there is nothing of that name"
            raise ConfigError(what, where=where, value=about, allowed=allowed)


def _named(measured: Measured) -> list[str]:
    """What a measure is about, without what else its line says."""
    if measured.kind == "knows":
        return measured.of.partition(" by ")[0].split(" or ")
    return [measured.of.partition("." if measured.kind in OF_OBJECTS else "=")[0]]


def _has_a_message(design: Design, name: str) -> None:
    arm = whole(design, name)
    if arm.baseline != "placebo messages":
        return
    _, script = world_of(design, name)
    if not any(has_words(timed.do) for timed in script):
        hint = "Name the arm whose messages are replaced with of, or give some with do."
        raise ConfigError("there is no message to replace", where=f"arms.{name}", hint=hint)


def _keeps_its_people(design: Design, name: str) -> None:
    arm = design.arms[name]
    if arm.baseline == "isolates":
        _, script = world_of(design, name)
        if any(isinstance(timed.do, Add) for timed in script):
            hint = "Let everybody live there from the start."
            what = "isolates cannot be joined by somebody later"
            raise ConfigError(what, where=f"arms.{name}", hint=hint)


def _allowed(measured: Measured, spec: WorldSpec) -> Sequence[str] | None:
    """What a measure can be about; None: anything."""
    if measured.kind in ("goal", "delivered"):
        return [goal.id for goal in spec.goals]
    if measured.kind == "knows":
        return [fact.id for fact in spec.facts]
    if measured.kind in ("position", "shifted", "reverted"):
        topics = [topic.id for topic in spec.topics]
        return topics if measured.kind == "position" else [*topics, "any"]
    if measured.kind in OF_OBJECTS:
        objects = [thing["id"] for thing in spec.data.get("map", {}).get("things", ())]
        return objects or None
    return None


def _hour(start: str) -> str:
    try:
        minutes_of(start)
    except ValueError as error:
        hint = "Give an hour like 07:00."
        raise ConfigError("not a time of day", where="start", value=start, hint=hint) from error
    return start


def _beside_the_point(timed: Timed) -> Timed:
    """The same message in words about nothing; what is no message is done as it is."""
    if not has_words(timed.do):
        return timed
    words = placebo(getattr(timed.do, "words", ""))
    return timed.model_copy(update={"do": timed.do.model_copy(update={"words": words})})


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
