"""An episode as one reads it: what was said, done, thought and learned, each with its evidence.

::

    with Episode.open("episodes/village-7-1") as episode:
        episode.dialogue[["time", "agent", "text"]]
        episode.summary()

Everything is computed from the log. A finished episode never changes; of one that is still running,
:meth:`Episode.refresh` shows what has been added.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Literal, Self, get_args

from simulation.episode.record import Record
from simulation.errors import EpisodeError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import networkx as nx
    import pandas as pd
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel

    from simulation.episode.summary import Summary
    from simulation.interview.answers import Answer
    from simulation.language.base import LanguageModel
    from simulation.memory import Embedder
    from simulation.replay.view import Replay

Graph = Literal["talk", "knowledge", "acquaintance", "influence", "relationship", "help", "harm"]
GRAPHS: Final[tuple[Graph, ...]] = get_args(Graph)


class Episode(Record):
    """A recorded life of a society, opened for reading.

    Args:
        folder: Where it is; use :meth:`open`.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._frames: dict[str, pd.DataFrame] = {}

    def close(self) -> None:
        """Forget what was read; no file is held open between two questions."""
        self.refresh()

    def refresh(self) -> Self:
        """Let go of what was read, to see what a run has added since."""
        self._frames.clear()
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return (
            f"<Episode {self.spec.world}, seed {self.seed}, {self.ticks} ticks, "
            f"{len(self.agents)} agents, in {str(self.folder)!r}>"
        )

    # Data frames -------------------------------------------------------------------------------

    @property
    def events(self) -> pd.DataFrame:
        """Every event: columns for what all have, ``fields`` for the rest."""
        return self._frame("events")

    @property
    def calls(self) -> pd.DataFrame:
        """Every question to a language model: purpose, prompt (a hash), reply, tokens, seconds."""
        return self._frame("calls")

    @property
    def decisions(self) -> pd.DataFrame:
        """Every choice: ``options`` as shown, ``chosen``, ``raw`` and ``corrected`` for each.

        ``explode(["options", "raw", "corrected"])`` gives a row per option.
        """
        return self._frame("decisions")

    @property
    def dialogue(self) -> pd.DataFrame:
        """Everything said: who, to whom, the words, the facts in them, who heard it."""
        return self._frame("dialogue")

    @property
    def memories(self) -> pd.DataFrame:
        """Every memory once, with how often it was formed (``count``) and came to mind."""
        return self._frame("memories")

    @property
    def acts(self) -> pd.DataFrame:
        """Every act that took place (``done``) and every one that could not (``reason``)."""
        return self._frame("acts")

    @property
    def moves(self) -> pd.DataFrame:
        """Every step from cell to cell."""
        return self._frame("moves")

    @property
    def facts(self) -> pd.DataFrame:
        """Who came to know which fact, when, how and from whom."""
        return self._frame("facts")

    @property
    def plans(self) -> pd.DataFrame:
        """Every plan as it was made or changed."""
        return self._frame("plans")

    @property
    def reflections(self) -> pd.DataFrame:
        """Every conclusion, with the memories that it cites."""
        return self._frame("reflections")

    @property
    def stances(self) -> pd.DataFrame:
        """Every look at a position: before, after, and the utterances behind it."""
        return self._frame("stances")

    @property
    def probes(self) -> pd.DataFrame:
        """Where people said in private that they stand, see ``--probe``."""
        return self._frame("probes")

    @property
    def relations(self) -> pd.DataFrame:
        """What people made of each other after each talk: closeness and a summary."""
        return self._frame("relations")

    @property
    def reactions(self) -> pd.DataFrame:
        """What broke into somebody's activity, and what they did about it."""
        return self._frame("reactions")

    @property
    def feelings(self) -> pd.DataFrame:
        """Every change of an emotion, with its cause."""
        return self._frame("feelings")

    @property
    def behaviours(self) -> pd.DataFrame:
        """What detectors find: family, kind, who, whom, when, the events and the fields.

        :func:`simulation.behaviours.behaviours.observe` gives rates and opportunities as well.
        """
        from simulation.behaviours.behaviours import observe  # noqa: PLC0415 - it imports this

        if "behaviours" not in self._frames:
            self._frames["behaviours"] = observe(self).frame()
        return self._frames["behaviours"]

    def stream(self, table: str, chunk: int = 50_000) -> Iterator[pd.DataFrame]:
        """One of these frames, or ``replies``, in pieces: for episodes that do not fit in memory.

        ::

            for piece in episode.stream("events"):
                counts = counts.add(piece["type"].value_counts(), fill_value=0)

        Only ``memories`` are gathered whole first, as later events count in them.

        Args:
            table: The name of the frame.
            chunk: Rows in a piece.

        Raises:
            EpisodeError: There is no such table.
        """
        from simulation.episode.frames import stream  # noqa: PLC0415 - pandas, half a second

        return stream(self, table, chunk)

    def _frame(self, name: str) -> pd.DataFrame:
        from simulation.episode.frames import build  # noqa: PLC0415 - pandas, half a second

        if name not in self._frames:
            self._frames[name] = build(self, name)
        return self._frames[name]

    # Findings ----------------------------------------------------------------------------------

    def graph(self, kind: Graph) -> nx.DiGraph[str]:
        """Who talked to whom, told whom what, knows of whom, moved, is close to, or harmed whom.

        Edges have the ids of the ``events`` behind them; those of ``talk`` and ``knowledge`` a
        ``weight``, those of ``acquaintance`` how and since when.
        """
        from simulation.analysis import (  # noqa: PLC0415 - they import this
            acquaintance,
            diffusion,
            networks,
            relations,
        )

        makers = {
            "talk": relations.talk_graph,
            "knowledge": diffusion.knowledge_graph,
            "acquaintance": acquaintance.acquaintance_graph,
            "influence": partial(networks.network, kind="influence"),
            "relationship": partial(networks.network, kind="relationship"),
            "help": partial(networks.network, kind="help"),
            "harm": partial(networks.network, kind="harm"),
        }
        if kind not in makers:
            raise EpisodeError("unknown kind of graph", value=kind, allowed=GRAPHS)
        return makers[kind](self)

    def interview(
        self,
        agent: str,
        question: str,
        *,
        tick: int | None = None,
        model: str | LanguageModel | BaseChatModel | None = None,
        condition: str = "full",
        as_known_to: str = "",
        embedder: str | Embedder | Embeddings | None = None,
    ) -> Answer:
        """Ask somebody one question. For more, see :mod:`simulation.interview.interview`.

        Args:
            agent: Id or name.
            question: In any words.
            tick: They answer as they were when this tick was over; None: the last.
            model: Who finds the words; None: the model of the run.
            condition: What of their memory is within reach: ``full``, ``no-reflection``, …
            as_known_to: A resident who asks; empty: an inner voice, which is told everything.
            embedder: That of the run, where it was an object of the user's own.

        Raises:
            EpisodeError: There is nobody of that name, no such tick, or they keep no memory.
        """
        from simulation.interview.interview import Interview  # noqa: PLC0415 - it imports this

        with Interview(
            self,
            agent,
            tick=tick,
            model=model,
            condition=condition,
            as_known_to=as_known_to,
            embedder=embedder,
        ) as interview:
            return interview.ask(question)

    def replay(
        self, *others: Episode, tick: int | None = None, agent: str = "", height: int = 640
    ) -> Replay:
        """The player: in a notebook it shows itself, ``.save("day.html")`` writes a page.

        Args:
            others: One more, shown beside this one in step: a branch beside its trunk.
            tick: The moment at which it opens.
            agent: Who is looked at, by id or name.
            height: Pixels that it takes in a notebook.

        Raises:
            ConfigError: More than two episodes.
            EpisodeError: There is no such tick, or nobody of that name.
        """
        from simulation.replay.view import Replay  # noqa: PLC0415 - it imports this

        return Replay(self, *others, tick=tick, agent=agent, height=height)

    def summary(self) -> Summary:
        """What came of it, in a page."""
        from simulation.episode.summary import summarize  # noqa: PLC0415 - it imports this

        return summarize(self)
