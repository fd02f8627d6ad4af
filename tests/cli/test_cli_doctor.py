from __future__ import annotations

import json
from pathlib import Path

from command_line import Cli

from simulation.doctor import Report, examine

SECRET = "sk-canary-0123456789"


def states(report: Report) -> dict[str, str]:
    return {finding.name: finding.state for finding in report.findings}


def offline(_address: str) -> bool:
    return False


def online(_address: str) -> bool:
    return True


def test_without_weights_and_index_the_village_cannot_run(tmp_path: Path) -> None:
    report = examine(reach=offline, environ={}, cache=tmp_path)
    assert not report.well
    assert states(report)["weights"] == "missing"
    assert states(report)["package index"] == "optional"
    (weights,) = (finding for finding in report.findings if finding.name == "weights")
    assert "SOCIARIUM_WEIGHTS" in weights.advice


def test_without_weights_the_index_is_enough(tmp_path: Path) -> None:
    report = examine(reach=online, environ={}, cache=tmp_path)
    assert report.well
    assert states(report)["weights"] == "ok"


def test_damaged_weights_are_missing_weights(tmp_path: Path) -> None:
    broken = tmp_path / "model.gguf"
    broken.write_bytes(b"not a model")
    report = examine(reach=online, environ={"SOCIARIUM_WEIGHTS": str(broken)})
    assert not report.well


def test_what_is_optional_never_makes_it_unwell(tmp_path: Path) -> None:
    report = examine(reach=lambda at: not at.startswith("tcp"), environ={}, cache=tmp_path)
    assert states(report)["ollama"] == "optional"
    assert states(report)["OPENAI_API_KEY"] == "optional"
    assert report.well


def test_keys_and_passwords_are_never_shown(tmp_path: Path) -> None:
    environ = {
        "OPENAI_API_KEY": SECRET,
        "PIP_INDEX_URL": f"https://user:{SECRET}@index.example/simple",
    }
    report = examine(reach=online, environ=environ, cache=tmp_path)
    assert states(report)["OPENAI_API_KEY"] == "ok"
    assert SECRET not in json.dumps(report.as_json())


def test_the_command_prints_a_table_or_json(cli: Cli) -> None:
    report = json.loads(cli("doctor", "--json").stdout)
    table = cli("doctor")
    assert report["well"] == (table.exit_code == 0)
    assert all(finding["name"] in table.stdout for finding in report["findings"])
