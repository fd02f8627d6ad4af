from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from simulation.errors import ModelNameError, WeightsError
from simulation.language.chat import ChatModel
from simulation.language.fake import FakeChatModel, FakeModel
from simulation.language.names import list_models, open_model


def test_a_language_model_is_given_back_as_it_is() -> None:
    model = FakeModel()
    assert open_model(model) is model


def test_a_langchain_model_is_wrapped() -> None:
    assert isinstance(open_model(FakeChatModel()), ChatModel)


def test_the_fake_model_has_a_name() -> None:
    assert isinstance(open_model("fake"), FakeModel)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ModelNameError, match="did you mean 'local'") as caught:
        open_model("locl")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["openai:", "openai-compatible:qwen", "ollama:", "anthropic"])
def test_an_incomplete_name_is_told_the_form(name: str) -> None:
    with pytest.raises(ModelNameError, match="Write "):
        open_model(name)


def test_something_else_is_not_a_model() -> None:
    with pytest.raises(ModelNameError, match="not a model"):
        open_model(3)  # pyright: ignore[reportArgumentType]


@pytest.mark.skipif(find_spec("langchain_openai") is not None, reason="it is installed")
def test_a_missing_package_is_told_with_its_command() -> None:
    with pytest.raises(ModelNameError, match=r"pip install 'sociarium\[openai\]'"):
        open_model("openai:gpt-5-mini")


@pytest.mark.skipif(find_spec("langchain_openai") is None, reason="it is not installed")
def test_a_missing_key_is_told_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelNameError, match="OPENAI_API_KEY"):
        open_model("openai:gpt-5-mini")


@pytest.mark.skipif(find_spec("langchain_openai") is None, reason="it is not installed")
def test_a_compatible_server_needs_an_address_and_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    model = open_model("openai-compatible:qwen@http://127.0.0.1:1/v1")
    assert model.name == "openai-compatible:qwen@http://127.0.0.1:1/v1"


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot read the model weights"):
        open_model(f"local:{tmp_path / 'none.gguf'}")


def test_a_path_that_is_no_gguf_is_told(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(WeightsError, match="not a GGUF file"):
        open_model(f"local:{path}")


def test_every_listed_model_says_what_it_needs() -> None:
    listed = {info.name: info for info in list_models()}
    assert {"local", "fake", "openai:NAME", "ollama:NAME"} <= listed.keys()
    assert all(info.needs for info in listed.values() if not info.available)
