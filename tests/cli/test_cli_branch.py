"""``sociarium branch`` and ``sociarium intervene`` as a user meets them."""

from __future__ import annotations

import json
import signal
from pathlib import Path

from command_line import Cli, finish, start

from simulation import Episode
from simulation.episode.events import Intervened

RUN = ("run", "village", "--mind", "rules", "--agents", "3", "--quiet")


def test_a_branch_is_lived_and_diff_says_whose_it_is_and_why(cli: Cli, tmp_path: Path) -> None:
    assert cli(*RUN, "--ticks", "60", "--out", "a").exit_code == 0
    done = ("--do", 'announce "A boat comes in." in the quay', "--set", "logs=asked")
    result = cli("branch", "a", "--at", "07:30", "--out", "b", "--quiet", *done)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip().endswith("b")
    kinds = [event.kind for event in Episode.open(tmp_path / "b").each(Intervened)]
    assert kinds == ["announce", "set"]
    told = cli("diff", "a", "b")
    assert told.exit_code == 1
    assert 'B is a branch of A at tick 30, where 30: announce "A boat comes in."' in told.stdout
    assert "part at tick 30, 07:30" in told.stdout
    as_json = json.loads(cli("diff", "a", "b", "--json").stdout)
    assert as_json["relation"]["branch"] == "B"


def test_a_branch_goes_beside_its_parent_where_no_folder_is_given(cli: Cli, tmp_path: Path) -> None:
    assert cli(*RUN, "--ticks", "20", "--out", "of-two/a").exit_code == 0
    result = cli("branch", "of-two/a", "--at", "10", "--quiet")
    assert result.exit_code == 0, result.stderr
    assert Episode.open(tmp_path / "of-two" / "village-7-1").ticks == 20


def test_a_persona_of_a_file_takes_the_place_of_its_namesake(cli: Cli, tmp_path: Path) -> None:
    assert cli(*RUN, "--ticks", "20", "--out", "a").exit_code == 0
    import personas

    text = Path(personas.__file__).with_name("ada.yaml").read_text()
    (tmp_path / "ada.yaml").write_text(text.replace("bedtime:", "bedtime: '20:15' #", 1))
    result = cli("branch", "a", "--at", "10", "--out", "b", "--persona", "ada.yaml", "--quiet")
    assert result.exit_code == 0, result.stderr
    branch = Episode.open(tmp_path / "b")
    assert branch.persona("ada").bedtime == "20:15"
    assert branch.persona("ada", 5).bedtime != "20:15"


def test_what_cannot_be_done_is_one_line_and_leaves_nothing(cli: Cli, tmp_path: Path) -> None:
    assert cli(*RUN, "--ticks", "20", "--out", "a").exit_code == 0
    for wrong in (
        ("--at", "10", "--do", "dance ada"),
        ("--at", "10", "--do", "move zoe to quay"),
        ("--at", "10", "--set", "logs=never"),
        ("--at", "10", "--do", "9 move ada to quay"),
        ("--at", "99"),
        ("--at", "noon"),
        ("--at", "10", "--ticks", "9"),
        ("--at", "10", "--persona", "missing.yaml"),
    ):
        result = cli("branch", "a", "--out", "b", *wrong)
        assert result.exit_code == 2, wrong
        assert result.stderr.count("\n") == 1, result.stderr
        assert not (tmp_path / "b").exists()


def test_a_run_in_one_terminal_is_reached_from_another(cli: Cli, tmp_path: Path) -> None:
    day = ("run", "village", "--mind", "rules", "--ticks", "100000", "--out", "day")
    process = start(*day, cwd=tmp_path)
    while not (tmp_path / "day").exists() or Episode.open(tmp_path / "day").ticks < 2:
        assert process.poll() is None
    done = cli("intervene", "day", "move ada to the quay")
    refused = cli("intervene", "day", "move zoe to the quay")
    process.send_signal(signal.SIGINT)
    assert finish(process)[0] == 130
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Done in tick ")
    assert refused.exit_code == 2
    assert "nobody of that name" in refused.stderr
    told = cli("show", "day", "--kind", "world").stdout
    assert "from outside: move ada to quay" in told


def test_nobody_reaches_into_what_nobody_lives(cli: Cli) -> None:
    assert cli(*RUN, "--ticks", "5", "--out", "a").exit_code == 0
    result = cli("intervene", "a", "move ada to the quay")
    assert result.exit_code == 2
    assert "nobody lives this episode now" in result.stderr
    assert "sociarium branch" in result.stderr


def test_words_that_name_what_is_studied_are_pointed_out(cli: Cli) -> None:
    said = "20 announce 'Everybody should volunteer.'"
    result = cli(*RUN, "--ticks", "25", "--out", "a", "--do", said)
    assert result.exit_code == 0
    assert "Note: volunteer in" in result.stderr
