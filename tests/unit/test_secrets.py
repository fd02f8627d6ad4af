"""Canaries: no key, token or password reaches a log, an export, an error or a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from simulation import Episode, Simulation
from simulation.episode.events import FellBack
from simulation.episode.export import export
from simulation.language.patience import Endurance
from simulation.secrets import HIDDEN, is_secret_name, redact, safe_traceback
from worlds import village

CANARIES = {
    "an OpenAI key": "sk-proj-CANARY0000000000000001",
    "an Anthropic key": "sk-ant-api03-CANARY00000000002",
    "a bearer token": "CANARYbearer0000000003",
    "a password in an address": "CANARYpass4",
    "a key in a query": "CANARYquery00000005",
    "a value of the environment": "plain words canary six",
}
TROUBLE = (
    f"401 for https://me:{CANARIES['a password in an address']}@host/v1"
    f"?api_key={CANARIES['a key in a query']} with Authorization: Bearer "
    f"{CANARIES['a bearer token']}; key {CANARIES['an OpenAI key']} or "
    f"{CANARIES['an Anthropic key']}; {CANARIES['a value of the environment']}"
)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORPORATE_LLM_TOKEN", CANARIES["a value of the environment"])


class Leaky(BaseChatModel):
    """A provider that repeats what it knows: in its errors, then in its replies."""

    asked: int = 0
    model_name: str = "leaky"

    @property
    def _llm_type(self) -> str:
        return "leaky"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        self.asked += 1
        if self.asked % 2:
            raise LeakyError
        message = AIMessage(content=f"1. {TROUBLE}", response_metadata={"headers": TROUBLE})
        return ChatResult(generations=[ChatGeneration(message=message)])


class LeakyError(Exception):
    """An error of a client, with headers."""

    def __init__(self) -> None:
        super().__init__(TROUBLE)
        self.status_code = 500
        self.headers = {"authorization": TROUBLE, "retry-after": "0"}


def found(text: str) -> list[str]:
    return [name for name, canary in CANARIES.items() if canary in text]


def test_every_canary_is_left_out_of_a_text() -> None:
    assert found(TROUBLE) == list(CANARIES)
    assert found(redact(TROUBLE)) == []


def test_no_byte_of_an_episode_or_its_exports_holds_a_secret(tmp_path: Path) -> None:
    endurance = Endurance(first_wait=0, rest=0, attempts=2, on_outage="fall back")
    with Simulation(
        village.load(agents=2),
        model=Leaky(model_name=CANARIES["an Anthropic key"]),
        embedder="hash",
        out=tmp_path / "e",
        endurance=endurance,
    ) as simulation:
        simulation.run(20)
    episode = Episode.open(tmp_path / "e")
    assert list(episode.each(FellBack))
    for path in (tmp_path / "e").rglob("*"):
        if path.is_file():
            assert found(path.read_bytes().decode("utf-8", "replace")) == [], path.name
    assert found("".join(export(episode))) == []
    assert HIDDEN in "".join(export(episode))


def test_a_traceback_holds_no_secret_of_what_led_to_it() -> None:
    error = RuntimeError(f"because of {TROUBLE}")
    error.__cause__ = LeakyError()
    told = safe_traceback(error)
    assert "because of" in told
    assert found(told) == []


def test_what_a_command_prints_when_it_fails_holds_no_secret(tmp_path: Path) -> None:
    key = CANARIES["an OpenAI key"]
    command = [sys.executable, "-m", "simulation.cli", "run", "village", "--model", f"local:{key}"]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for more in ([], ["--debug"]):
        done = subprocess.run(
            [*command, *more],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert found(done.stdout + done.stderr) == []


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("OPENAI_API_KEY", True),
        ("HF_TOKEN", True),
        ("PGPASSWORD", True),
        ("AWS_SECRET_ACCESS_KEY", True),
        ("PATH", False),
        ("PWD", False),
        ("OLDPWD", False),
        ("KEYBOARD", False),
        ("MONKEY", False),
    ],
)
def test_names_tell_which_variables_hold_secrets(name: str, secret: bool) -> None:
    assert is_secret_name(name) is secret


def test_short_values_are_words_and_stay() -> None:
    assert redact("the password is swordfish", {"PASSWORD": "sword"}).endswith("swordfish")


@given(st.text(max_size=200))
def test_what_was_redacted_stays_as_it_is(text: str) -> None:
    once = redact(text, {})
    assert redact(once, {}) == once
