from __future__ import annotations

import json

from command_line import Cli

RUN = ("run", "village", "--mind", "rules", "--agents", "3", "--quiet", "--ticks", "30")


def test_two_runs_of_one_seed_do_not_differ(cli: Cli) -> None:
    for name in "ab":
        assert cli(*RUN, "--out", name).exit_code == 0
    result = cli("diff", "a", "b")
    assert result.exit_code == 0
    assert result.stdout.startswith("The same: 30 ticks")


def test_the_first_event_that_differs_is_shown_with_both_sides(cli: Cli) -> None:
    assert cli(*RUN, "--out", "a").exit_code == 0
    assert cli(*RUN, "--seed", "8", "--out", "b").exit_code == 0
    result = cli("diff", "a", "b")
    assert result.exit_code == 1
    assert "They share 0 events and part at tick 0, 07:00" in result.stdout
    assert "seed A 7, B 8" in result.stdout


def test_an_episode_that_only_goes_on_differs_at_its_longer_end(cli: Cli) -> None:
    assert cli(*RUN, "--out", "a").exit_code == 0
    assert cli(*RUN[:-1], "40", "--out", "b").exit_code == 0
    result = cli("diff", "a", "b")
    assert result.exit_code == 1
    assert "only B goes on, with" in result.stdout


def test_the_difference_as_json_has_both_events(cli: Cli) -> None:
    assert cli(*RUN, "--out", "a").exit_code == 0
    assert cli(*RUN, "--seed", "8", "--out", "b").exit_code == 0
    found = json.loads(cli("diff", "a", "b", "--json").stdout)
    assert found["same"] is False
    assert (found["first"]["left"]["seed"], found["first"]["right"]["seed"]) == (7, 8)


def test_what_is_no_episode_is_bad_input(cli: Cli) -> None:
    assert cli("diff", "nowhere", "nothing").exit_code == 2
