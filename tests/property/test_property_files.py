"""Whatever stands in a file that a person writes: it is used, or one clear line says why not."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import personas
from personas.template import persona_template
from simulation import Simulation
from simulation.episode.episode import Episode
from simulation.episode.schema import LOG, RUN, SPEC
from simulation.episode.seal import put_seal
from simulation.errors import BadInput, ConfigError
from simulation.interventions import parse_timed, read_script
from simulation.kernel.clock import Clock
from simulation.kernel.intervention import FORMS, parse
from simulation.language.prompts import load_prompt, load_wording
from simulation.mind.decide import PROMPTS
from simulation.past import Past
from worlds import village
from worlds.mapfile import build_plan, read_map

if TYPE_CHECKING:
    from collections.abc import Callable

SLOW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
TIDEMARK = (Path(village.__file__).parent / "tidemark.yaml").read_text(encoding="utf-8")
PERSONA = persona_template("anna")
PROMPT = (PROMPTS / "decide.md").read_text(encoding="utf-8")
SCRIPT = """\
- at: 08:30
  do: whisper ada "somebody should look at the lamp"
- at: 120
  do: [set logs=asked, announce "A bell rings." in quay, move bram to quay]
- at: '08:00 2'
  do: persona ada big_five.openness=5
"""
CLOCK = Clock(start="07:00", tick_minutes=1)
ODD = (
    "\t",
    "- ",
    "? ",
    "&a ",
    "*a",
    "!!python/object:os.system",
    "{",
    "[",
    "]",
    "'",
    '"',
    "|",
    "#",
)
ODDER = ("~", "1e999", "-1", "0", ".nan", "\x00", "é", "99:99", "00:00", "\n---\n", ": ", "\n  ")
SLIP = st.text(max_size=8) | st.sampled_from([*ODD, *ODDER])


@st.composite
def slipped(draw: st.DrawFn, text: str) -> str:
    """A text of which some characters, words or lines are lost, doubled, moved or others."""
    for _ in range(draw(st.integers(1, 3))):
        lines = text.splitlines(keepends=True) or [""]
        at = draw(st.integers(0, len(lines) - 1))
        to = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(["characters", "value", "lose", "double", "swap", "cut"]))
        line = lines[at]
        if kind == "characters":
            cut = draw(st.integers(0, len(line)))
            lines[at] = line[:cut] + draw(SLIP) + line[cut + draw(st.integers(0, 3)) :]
        elif kind == "value":
            lines[at] = f"{line.partition(':')[0]}: {draw(SLIP)}\n"
        elif kind == "lose":
            lines[at] = ""
        elif kind == "double":
            lines[at] = line * 2
        elif kind == "swap":
            lines[at], lines[to] = lines[to], line
        else:
            lines = lines[: at + 1]
        text = "".join(lines)
    return text


def clear(error: BadInput, where: str = "") -> None:
    """It is one line, which begins with the place."""
    assert str(error).startswith(where)
    assert "\n" not in str(error)


def used_or_told(text: str, use: Callable[[Path], object]) -> None:
    """Use a file of this text; what is wrong with it is told in a line that names it."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "file.yaml"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            use(file)
        except BadInput as error:
            clear(error, str(file))


@given(slipped(PERSONA))
def test_any_persona_is_a_person_or_one_clear_line(text: str) -> None:
    used_or_told(text, personas.load_file)


@SLOW
@given(slipped(TIDEMARK))
def test_any_map_is_a_plan_or_one_clear_line(text: str) -> None:
    used_or_told(text, lambda file: build_plan(read_map(file)))


@given(slipped(SCRIPT))
def test_any_script_of_interventions_is_read_or_one_clear_line(text: str) -> None:
    used_or_told(text, lambda file: read_script(file, CLOCK))


@given(slipped(PROMPT))
def test_any_prompt_file_is_read_or_one_clear_line(text: str) -> None:
    used_or_told(text, lambda file: load_prompt(file, "decide"))
    used_or_told(text, load_wording)


@given(
    st.text(max_size=40)
    | st.builds(
        "{} {}".format, st.sampled_from(sorted(FORMS)), slipped('ada to "quay" in x=1 a.b=[2]')
    )
)
def test_any_words_are_an_intervention_or_one_clear_line(text: str) -> None:
    for read in (parse, lambda words: parse_timed(words, CLOCK)):
        try:
            read(text)
        except BadInput as error:
            clear(error)


@given(
    st.dictionaries(
        st.sampled_from(["vote", "logs", "agents", ""]) | st.text(max_size=6), st.text(max_size=6)
    )
)
def test_any_levers_make_a_village_or_one_clear_line(levers: dict[str, str]) -> None:
    levers.pop("agents", None)
    try:
        village.load(agents=2, **levers)
    except ConfigError as error:
        clear(error)


# What lies beside a log --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two residents who lived three ticks by rules."""
    out = tmp_path_factory.mktemp("beside") / "e"
    with Simulation(village.load(agents=2), mind="rules", out=out) as simulation:
        simulation.run(ticks=3)
    return out


@st.composite
def other_json(draw: st.DrawFn, value: Any) -> Any:
    """The same with one value lost or changed, somewhere within."""
    anything = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text()
    anything = anything | st.lists(anything, max_size=2) | st.dictionaries(st.text(), anything)
    if isinstance(value, dict) and value and draw(st.booleans() | st.just(value=True)):
        name = draw(st.sampled_from(sorted(value)))
        kept = {key: part for key, part in value.items() if key != name}
        if draw(st.integers(0, 5)) == 0:
            return kept
        return kept | {name: draw(other_json(value[name]))}
    if isinstance(value, list) and value and draw(st.booleans()):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], draw(other_json(value[at])), *value[at + 1 :]]
    return draw(anything)


def believed(folder: Path, name: str, value: Any, scratch: str) -> Path:
    """A copy with another file beside the log, which all checks take for the true one."""
    copy = Path(shutil.copytree(folder, Path(scratch) / "e"))
    (copy / name).write_text(json.dumps(value), encoding="utf-8")
    digest = sha256((copy / name).read_bytes()).hexdigest()
    with closing(sqlite3.connect(copy / LOG)) as db, db:
        db.execute("UPDATE meta SET value = ? WHERE name = ?", (digest, name))
    put_seal(copy)
    return copy


@pytest.mark.parametrize("name", [SPEC, RUN])
@SLOW
@given(data=st.data())
def test_any_file_beside_a_log_is_read_or_one_clear_line(
    lived: Path, name: str, data: st.DataObject
) -> None:
    value = json.loads((lived / name).read_text(encoding="utf-8"))
    other = data.draw(other_json(value))
    with tempfile.TemporaryDirectory() as scratch:
        copy = believed(lived, name, other, scratch)
        try:
            episode = Episode.open(copy)
            assert episode.spec.cast is not None
            assert episode.run is not None
            past = Past.to_repeat(copy)
            assert past.seed == past.episode.run["seed"]
            assert past.options is not None
            assert past.named_mind()
        except BadInput as error:
            clear(error)
