from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from tale import Note, Tale, noted, told

from simulation.episode.episode import Episode
from simulation.episode.events import Changed, Decided, Failed, Learned, Moved, Said
from simulation.episode.plain import place_name, plain
from simulation.episode.report import render
from simulation.episode.summary import Summary
from simulation.episode.timeline import KINDS, Line, name_width, render_line, tick_at, timeline
from simulation.errors import EpisodeError
from simulation.kernel.ids import Phase


@pytest.fixture(scope="module")
def episode(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    return told(tmp_path_factory.mktemp("tale") / "e")


def words(lines: list[Line]) -> list[str]:
    return [f"{line.time} {line.name} {line.text}".replace("  ", " ") for line in lines]


def printed(thing: object, *, width: int = 100, terminal: bool = False) -> str:
    out = StringIO()
    Console(file=out, width=width, force_terminal=terminal, markup=False).print(thing)
    return out.getvalue()


def test_the_timeline_reads_as_a_story(episode: Episode) -> None:
    assert words(list(timeline(episode, since=1)))[:10] == [
        "07:02 Ada walks to the inn",
        "07:03 Chiara to Bram: “I give a supper here tonight.” (overheard by Ada)",
        "07:03 Bram learns from Chiara: Chiara gives a supper at the inn at seven.",
        "07:03 Ada overhears from Chiara: Chiara gives a supper at the inn at seven.",
        "07:04 Bram plans the day:",
        "07:04 Bram concludes: Chiara likes company.",
        "07:04 Bram on “the toll should stay”: +0.50",
        "07:04 Bram on “the toll should stay”: +0.50 → -0.25, after 1 voice",
        "07:04 Ada took a chair",
        "07:04 Ada could not use: the gate is jammed",
    ]


def test_every_line_names_its_event_and_every_kind_of_event_has_words(episode: Episode) -> None:
    lines = list(timeline(episode, kinds=KINDS))
    assert {line.kind for line in lines} == set(KINDS)
    for line in lines:
        assert episode.event(line.event).tick == line.tick
    by_kind = {line.kind: line.text for line in lines}
    assert by_kind["fallback"] == "falls back (utter): it said nothing"
    assert by_kind["call"] == "asks the model (decide, 100 + 1 tokens, 0.30 s): [-0.5]"
    assert by_kind["memory"] == "remembers: Chiara gives a supper. (dialogue, importance 5)"
    assert by_kind["stance"] == "on “the toll should stay”: +0.50 → -0.25, after 1 voice"
    assert by_kind["reaction"] == "looks up at what is said and goes on all the same"
    assert by_kind["feeling"] == "lacks fun (3.9 of 10)"
    assert by_kind["relation"] == "makes this of Chiara (closeness 1, +1): She cooks well."
    assert by_kind["world"] == "The tide covers the causeway."
    assert len([line for line in lines if line.kind == "memory"]) == 1


def test_why_shows_the_three_likeliest_options(episode: Episode) -> None:
    (line,) = [line for line in timeline(episode, why=True) if line.kind == "choice"]
    assert line.text == "chooses to go to the inn (model, of 4)"
    assert line.more == (
        ">  60%  go to the inn",
        "   20%  wait here",
        "   15%  read the board",
    )


def test_an_unlikely_choice_is_shown_beside_the_likely_ones(tmp_path: Path) -> None:
    tale = Tale(tmp_path / "e")
    scribe = noted(0, Phase.THINK, "ada", "quay", [])
    menu = scribe.keep([{"text": text} for text in "abcde"])
    scribe.note(
        Decided, origin="rules", menu=menu, options=5, legal=5, chosen=4, action={},
        raw=(0.4, 0.3, 0.2, 0.05, 0.05),
    )  # fmt: skip
    tale.commit(0, scribe)
    (line,) = timeline(tale.end(), kinds=["choice"])
    assert [row.split()[-1] for row in line.more] == ["a", "b", "c", "e"]
    assert line.more[-1].startswith(">")


def test_lines_are_filtered_by_person_kind_and_tick(episode: Episode) -> None:
    ada = list(timeline(episode, agents=["Ada"]))
    assert {line.agent for line in ada} == {"ada"}
    bram = [line for line in timeline(episode, agents=["BRAM"]) if line.kind == "talk"]
    assert [line.agent for line in bram] == ["chiara", "ada"]
    talk = list(timeline(episode, kinds=["talk"], since=4, until=5))
    assert words(talk) == ["07:04 Ada to Bram: “Good morning, Bram.”"]


def test_unknown_people_and_kinds_are_refused(episode: Episode) -> None:
    with pytest.raises(EpisodeError, match=r"nobody of that name.*did you mean 'bram'"):
        list(timeline(episode, agents=["brm"]))
    with pytest.raises(EpisodeError, match=r"unknown kind of line.*did you mean 'talk'"):
        list(timeline(episode, kinds=["talks"]))


@pytest.mark.parametrize(
    ("text", "tick"),
    [
        ("0", 0),
        ("90", 90),
        ("07:00", 0),
        ("08:05", 65),
        ("2 07:00", 1440),
        ("07:00 2", 1440),
        ("06:00", 1380),
    ],
)
def test_a_moment_is_a_tick_or_an_hour(episode: Episode, text: str, tick: int) -> None:
    assert tick_at(episode, text) == tick


@pytest.mark.parametrize("text", ["", "soon", "25:00", "x 07:00", "-3"])
def test_another_moment_is_refused(episode: Episode, text: str) -> None:
    with pytest.raises(EpisodeError, match="moment"):
        tick_at(episode, text)


def test_a_walk_is_one_line_until_its_end_changes(tmp_path: Path) -> None:
    tale = Tale(tmp_path / "e")
    goals = ["inn", "inn", "inn", "bram", "bram", "", "inn"]
    for tick, to in enumerate(goals):
        moves: list[Note] = [(Moved, {"cell": (tick, 0), "to": to})]
        tale.commit(tick, noted(tick, Phase.ACT, "ada", "quay", moves))
    lines = list(timeline(tale.end(), kinds=["walk"]))
    assert [(line.tick, line.text) for line in lines] == [
        (0, "walks to the inn"),
        (3, "walks to Bram"),
        (5, "walks on"),
        (6, "walks to the inn"),
    ]


def test_a_new_day_has_a_heading(tmp_path: Path) -> None:
    tale = Tale(tmp_path / "e")
    for tick in (0, 1020):
        said: list[Note] = [(Said, {"text": "Hello."})]
        tale.commit(tick, noted(tick, Phase.ACT, "ada", "quay", said))
    kinds = [(line.kind, line.text) for line in timeline(tale.end(), kinds=["talk"])]
    assert kinds == [
        ("talk", "to all, with nobody in earshot: “Hello.”"),
        ("day", "Day 2"),
        ("talk", "to all, with nobody in earshot: “Hello.”"),
    ]


HOSTILE = "\x1b[31mred\x1b]0;title\x07 \u202eevil\u2066 \0 \ud800 [bold]x[/bold] " + "y" * 100_000


def test_hostile_texts_are_harmless_in_a_terminal(tmp_path: Path) -> None:
    tale = Tale(tmp_path / "e")
    notes: list[Note] = [
        (Said, {"text": HOSTILE, "told": ("bram",)}),
        (Changed, {"text": HOSTILE}),
        (Failed, {"action": {"verb": HOSTILE}, "reason": HOSTILE}),
        (Learned, {"fact": HOSTILE, "source": "told", "teller": HOSTILE}),
    ]
    tale.commit(0, noted(0, Phase.ACT, "ada", "quay", notes))
    episode = tale.end()
    for line in timeline(episode, kinds=KINDS):
        shown = printed(render_line(line, name_width(episode)))
        assert not set(shown) & set("\x1b\x07\0\u202e\u2066\ud800")
        assert len(shown) < 1500
    page = printed(render(episode.summary()))
    assert not set(page) & set("\x1b\x07\0\u202e\u2066\ud800")


def test_lines_have_colours_in_a_terminal_only(episode: Episode) -> None:
    line = next(timeline(episode, kinds=["talk"]))
    assert "\x1b" in printed(render_line(line), terminal=True)
    assert printed(render_line(line, 6), width=200).startswith("07:03  Chiara to Bram: “I give")


def test_long_lines_fold_under_their_words(episode: Episode) -> None:
    line = next(timeline(episode, kinds=["talk"]))
    shown = printed(render_line(line, 6, 44), width=44).splitlines()
    assert len(shown) > 1
    assert all(len(row) <= 44 for row in shown)
    assert all(row.startswith(" " * 14) for row in shown[1:])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words", "plain words"),
        ("a\tb\r\nc\u2028d", "a b c d"),
        ("👩‍🌾 grüßt", "👩‍🌾 grüßt"),
        ("z" + "\u0301" * 50, "z" + "\u0301" * 3),
        ("", ""),
    ],
)
def test_plain_texts_stay_and_others_are_tamed(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_long_text_says_how_much_is_left_out() -> None:
    assert plain("x" * 1000, 10) == "x" * 10 + "… (990 more characters)"


def test_places_have_names() -> None:
    assert place_name({"inn": "the inn"}, "inn") == "the inn"
    assert place_name({}, "net_loft") == "the net loft"
    assert place_name({}, "") == "on the way"


def test_the_summary_counts_what_happened(episode: Episode) -> None:
    summary = episode.summary()
    assert (summary.ticks, summary.since, summary.until) == (6, "07:00", "07:06")
    assert summary.ended == "finished"
    pairs = [(talk.people, talk.utterances, talk.mutual) for talk in summary.talks]
    assert pairs == [(("chiara", "bram"), 1, False), (("ada", "bram"), 1, False)]
    assert summary.density == 0
    (supper,) = summary.facts
    assert supper.share == 1
    assert [(k.agent, k.source, k.teller) for k in supper.knowers] == [
        ("chiara", "seeded", ""),
        ("bram", "told", "chiara"),
        ("ada", "overheard", "chiara"),
    ]
    assert summary.acts["ada"] == {"take": 1, "say": 1}
    assert summary.failures == {"ada": 1}
    assert summary.whereabouts["ada"] == {"quay": 3, "inn": 3}
    assert summary.whereabouts["bram"] == {"quay": 6}
    assert summary.fallbacks == {"utter": 1}
    assert summary.fallback_share == 0
    (cost,) = summary.calls
    assert (cost.purpose, cost.calls, cost.prompt_tokens, cost.cached_tokens) == (
        "decide", 1, 100, 60,
    )  # fmt: skip


def test_the_summary_says_where_people_stand(episode: Episode) -> None:
    [stand] = episode.summary().stands
    assert (stand.topic, stand.agent, stand.first, stand.now, stand.looks) == (
        "toll",
        "bram",
        0.5,
        -0.25,
        1,
    )
    page = StringIO()
    Console(width=120, file=page).print(render(episode.summary()))
    assert "the toll should stay: Bram +0.50 → -0.25" in page.getvalue()


def test_the_summary_is_json(episode: Episode) -> None:
    summary = episode.summary()
    assert Summary.model_validate(json.loads(summary.to_json())) == summary


def test_the_summary_can_be_read_by_a_person(episode: Episode) -> None:
    page = printed(render(episode.summary()))
    for sentence in (
        "Tidemark, 07:00 to 07:06 (6 ticks, seed 7, finished)",
        "Chiara to Bram, without a reply: 1 utterance in 1 min",
        "Chiara gives a supper at the inn at seven: 3 of 3 know it",
        "└── Chiara knew it from the start",
        "    ├── Bram, told at 07:03",
        "    └── Ada, overheard it at 07:03",
        "07:04 Bram: Chiara likes company.",
        "Ada: take 1, say 1; 1 could not be done",
        "Ada: the quay 3 min, the inn 3 min",
        "1 reply failed (utter 1); 0.0% of all choices were made without a usable reply",
    ):
        assert sentence in page
    assert "\x1b" not in page
