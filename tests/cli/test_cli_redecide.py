from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Cli

RUN = ("run", "village", "--model", "fake", "--agents", "2", "--quiet", "--ticks", "60")


@pytest.fixture
def lived(cli: Cli) -> Cli:
    """The command, beside an episode ``e``."""
    assert cli(*RUN, "--out", "e").exit_code == 0
    return cli


def test_the_table_counts_by_purpose_and_by_agent(lived: Cli) -> None:
    result = lived("redecide", "e", "--model", "fake")
    assert result.exit_code == 0, result.output
    rows = [line.split()[0] for line in result.stdout.splitlines() if "100%" in line]
    assert rows == ["all", "decide", "plan", "Ada", "Bram"]
    assert "shifted most" not in result.stdout


def test_other_words_show_what_shifted(lived: Cli) -> None:
    Path("p.md").write_text("# Example\nBo is here. So Bo decides to\n=> walk home\n")
    result = lived("redecide", "e", "--prompt", "p.md")
    assert result.exit_code == 0, result.output
    assert "Answered by: fake, in other words." in result.stdout
    assert "What shifted most" in result.stdout


def test_json_has_every_choice_with_the_event_behind_it(lived: Cli) -> None:
    found = json.loads(lived("redecide", "e", "--model", "fake", "--sample", "3", "--json").stdout)
    assert found["all"]["asked"] == len(found["choices"]) == 3 < found["of"]
    assert found["all"]["share"] == 1.0
    assert found["all"]["variation"] == 0.0
    for choice in found["choices"]:
        assert choice["then"] == choice["now"]
        assert sum(choice["then"]["probabilities"]) == pytest.approx(1.0, abs=1e-4)
    assert {option["option"] for option in found["options"]}


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("e",), "nothing would differ"),
        (("nowhere", "--model", "fake"), "nowhere"),
        (("e", "--model", "fak"), "did you mean 'fake'"),
        (("e", "--model", "recorded:e"), "no other answers"),
        (("e", "--model", "fake", "--purpose", "utter"), "'utter'"),
        (("e", "--model", "fake", "--sample", "0"), "--sample"),
        (("e", "--prompt", "absent.md"), "absent.md"),
    ],
)
def test_bad_input_is_told_in_one_line(lived: Cli, args: tuple[str, ...], told: str) -> None:
    result = lived("redecide", *args)
    assert result.exit_code == 2, result.output
    assert told in result.stderr
    assert result.stderr.count("\n") == 1
