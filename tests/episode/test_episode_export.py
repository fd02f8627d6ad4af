from __future__ import annotations

import json
from pathlib import Path

import pytest
from forge import forge
from tale import Tale, noted, told

from simulation.episode.episode import Episode
from simulation.episode.events import SCHEMA_VERSION, Decided, Learned, Reflected, Said
from simulation.episode.export import canonical_sha256, export
from simulation.errors import EpisodeError
from simulation.kernel.ids import Phase


def test_two_runs_that_differ_in_volatile_fields_have_the_same_bytes(tmp_path: Path) -> None:
    one = told(tmp_path / "one", version="3.11", seconds=0.3)
    other = told(tmp_path / "other", version="3.13", seconds=99.0)
    assert list(export(one)) == list(export(other))
    assert canonical_sha256(one) == canonical_sha256(other)


def test_every_line_is_json_and_every_hash_is_resolved(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in export(told(tmp_path / "e"))]
    assert lines[0] == {
        "format": "sociarium episode",
        "schema_version": SCHEMA_VERSION,
        "type": "header",
    }
    types = {line["type"] for line in lines}
    assert {"began", "decided", "said", "content"} <= types
    assert not types & {"provenance", "ended", "warned"}
    hashes = {line["hash"] for line in lines if line["type"] == "content"}
    asked = next(line for line in lines if line["type"] == "asked")
    assert asked["prompt"] in hashes
    assert "seconds" not in asked
    assert "cached_tokens" not in asked
    decided = next(line for line in lines if line["type"] == "decided")
    assert decided["menu"] in hashes
    ids = [line["id"] for line in lines if "id" in line]
    assert ids == sorted(ids)


def test_a_difference_that_matters_shows(tmp_path: Path) -> None:
    lines: list[list[str]] = []
    for text in ("Good morning.", "Good evening."):
        tale = Tale(tmp_path / text)
        tale.commit(0, noted(0, Phase.ACT, "ada", "quay", [(Said, {"text": text})]))
        lines.append(list(export(tale.end())))
    differing = [pair for pair in zip(*lines, strict=True) if pair[0] != pair[1]]
    assert len(differing) == 1


def test_contents_come_in_the_order_of_their_hashes_whoever_kept_them_first(
    tmp_path: Path,
) -> None:
    exports: list[list[str]] = []
    for name, order in (("a", (0, 1, 2)), ("b", (2, 0, 1))):
        tale = Tale(tmp_path / name)
        scribe = noted(0, Phase.THINK, "ada", "quay", [])
        kept = {number: scribe.keep(f"menu {number}") for number in order}
        for number in range(3):
            scribe.note(
                Decided, origin="rules", menu=kept[number], options=0, legal=0, chosen=0, action={}
            )
        scribe.keep("named by nobody")
        tale.commit(0, scribe)
        exports.append(list(export(tale.end())))
    assert exports[0] == exports[1]
    assert not any("named by nobody" in line for line in exports[0])


def test_the_last_bits_of_numbers_make_no_difference(tmp_path: Path) -> None:
    shown: list[str] = []
    for name, closeness in (("a", 0.1 + 0.2), ("b", 0.3), ("c", 0.3 - 1e-12)):
        tale = Tale(tmp_path / name)
        fields = {"insight": "x", "evidence": (), "closeness": closeness}
        tale.commit(0, noted(0, Phase.THINK, "ada", "quay", [(Reflected, fields)]))
        shown.append(canonical_sha256(tale.end()))
    assert len(set(shown)) == 1


def test_hostile_texts_make_lines_that_any_program_can_read(tmp_path: Path) -> None:
    tale = Tale(tmp_path / "e")
    text = "a\0b \ud800 \u2028 \n 👩‍🌾"
    tale.commit(0, noted(0, Phase.ACT, "ada", "quay", [(Said, {"text": text})]))
    lines = list(export(tale.end()))
    assert all("\n" not in line for line in lines)
    raw = "\n".join(lines).encode("utf-8")
    found = [json.loads(line) for line in raw.decode().split("\n")]
    assert [line["text"] for line in found if line["type"] == "said"] == [text]


@pytest.mark.parametrize(
    "edit", ["DELETE FROM contents", "UPDATE contents SET text = text || ' changed'"]
)
def test_a_missing_or_changed_text_is_an_error(tmp_path: Path, edit: str) -> None:
    told(tmp_path / "e")
    forge(tmp_path / "e", edit)
    with pytest.raises(EpisodeError, match="missing or was changed"):
        list(export(Episode.open(tmp_path / "e")))


def test_ticks_may_be_cut_into_commits_as_one_likes(tmp_path: Path) -> None:
    notes = [(Learned, {"agent": "ada", "fact": f, "source": "seeded"}) for f in "abc"]
    together, apart = Tale(tmp_path / "together"), Tale(tmp_path / "apart")
    together.commit(0, noted(0, Phase.WORLD, "", "", notes))
    for event in noted(0, Phase.WORLD, "", "", notes).events:
        apart.writer.commit(0, [event], {})
    assert list(export(together.end())) == list(export(apart.end()))
