"""Where an episode comes from: how its run was set up, and on what it ran."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from simulation.episode.events import Began, Provenance
from simulation.interventions import as_rows
from simulation.memory.chroma import collection_name
from simulation.mind.options import FOR_EXPERIMENTS
from simulation.secrets import redact

if TYPE_CHECKING:
    from simulation.episode.sink import Scribe
    from simulation.interventions import Timed
    from simulation.kernel.spec import WorldSpec
    from simulation.language.base import LanguageModel
    from simulation.mind.budget import Limits
    from simulation.mind.options import MindOptions

_PACKAGES = ("sociarium", "mesa", "chromadb", "langchain-core", "xllamacpp", "wordllama", "numpy")


@dataclass(frozen=True, kw_only=True)
class Origin:
    """How a run was set up: enough to set it up again."""

    spec: WorldSpec
    seed: int
    mind: str
    """The kind of mind; ``custom`` for one that was given as an object."""
    model: LanguageModel | None
    """Who is asked; None where minds need nobody."""
    embedder: str
    """What embeds memories; empty where minds keep none."""
    options: MindOptions
    limits: Limits
    chroma: str | None
    """Where memories are stored besides the log; None: the episode's own folder."""
    run_id: str
    """The name under which they are stored."""
    script: tuple[Timed, ...] = ()
    """Interventions that were planned."""

    def as_options(self) -> dict[str, Any]:
        """The same as ``run.json`` has it."""
        return {
            "seed": self.seed,
            "mind": self.mind,
            "model": self.model.name if self.model else "",
            "style": self.model.style if self.model else "",
            "embedder": self.embedder,
            "options": json.loads(self.options.model_dump_json()),
            "budget": asdict(self.limits),
            "chroma": self.chroma,
            "collection": collection_name(self.run_id),
            "run_id": self.run_id,
            "interventions": as_rows(self.script),
        }

    def preface(self, scribe: Scribe, model: str) -> None:
        """Write what stands before everything else in the log.

        Args:
            scribe: Writes it.
            model: The model's name under which the episode began.
        """
        spec = self.spec
        scribe.note(
            Began,
            world=spec.world,
            seed=self.seed,
            mind=self.mind,
            model=model,
            settings=dict(spec.settings),
            cast=tuple(persona.id for persona in spec.cast),
            start=spec.start,
            tick_minutes=spec.tick_minutes,
            options=self._mind_options() if self.model else {},
        )
        scribe.note(Provenance, facts=self._provenance())

    def _mind_options(self) -> dict[str, str]:
        """The minds' settings as texts, with the name of what embeds their memories."""
        options = self.options.model_dump(exclude={"probes"})
        options = {name: options[name] for name in options if self._is_told(name)}
        settings = {name: str(value) for name, value in options.items()}
        return settings | {"embedder": self.embedder}

    def _is_told(self, name: str) -> bool:
        """Whether a setting stands in the log: what only experiments set does where it is set."""
        return name not in FOR_EXPERIMENTS or bool(getattr(self.options, name))

    def _provenance(self) -> dict[str, str]:
        facts = {"python": platform.python_version(), "platform": _platform()}
        for name in _PACKAGES:
            try:
                facts[name] = version(name)
            except PackageNotFoundError:
                facts[name] = "not installed"
        if self.model is not None:
            facts |= {f"model.{key}": text for key, text in self.model.describe().items()}
        return {key: redact(text) for key, text in facts.items()}


def _platform() -> str:
    """The system and what it runs on; a kernel's build would only name a machine."""
    return f"{platform.system()}-{platform.machine()}-{'-'.join(platform.libc_ver())}".rstrip("-")
