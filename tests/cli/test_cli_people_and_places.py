from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Cli

import personas


@pytest.mark.parametrize("what", ["personas", "worlds", "models", "minds"])
def test_lists_are_tables_for_people_and_json_for_programs(cli: Cli, what: str) -> None:
    names = [row["name"] for row in json.loads(cli("list", what, "--json").stdout)]
    table = cli("list", what)
    assert names
    assert table.exit_code == 0
    assert all(name in table.stdout for name in names)


def test_a_new_persona_validates_as_it_stands(cli: Cli, tmp_path: Path) -> None:
    result = cli("new", "persona", "anna", "--in", "people")
    assert result.exit_code == 0
    assert result.stdout.strip() == "people/anna.yaml"
    assert personas.load_file(tmp_path / "people" / "anna.yaml").name == "Anna"


def test_a_new_world_runs_as_it_stands(cli: Cli, tmp_path: Path) -> None:
    assert cli("new", "world", "harbour").exit_code == 0
    result = cli("run", "harbour", "--mind", "rules", "--ticks", "3", "--quiet")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "episodes/harbour-7-1\n"
    assert (tmp_path / "episodes" / "harbour-7-1").is_dir()


@pytest.mark.parametrize("kind", ["persona", "map"])
def test_the_schema_of_a_kind_of_file_is_json_schema(cli: Cli, kind: str) -> None:
    schema = json.loads(cli("schema", kind).stdout)
    assert schema["type"] == "object"
    assert schema["properties"]
