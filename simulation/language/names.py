"""Models by name, such as ``local``, ``openai:gpt-5-mini`` or ``ollama:qwen3``.

=============================  =======================================================
``local``                      the embedded model
``local:PATH``                 llama.cpp with another GGUF file
``openai:NAME``                needs ``sociarium[openai]`` and ``OPENAI_API_KEY``
``anthropic:NAME``             needs ``sociarium[anthropic]`` and ``ANTHROPIC_API_KEY``
``ollama:NAME``                needs ``sociarium[ollama]`` and a running Ollama
``openai-compatible:NAME@URL`` any server that speaks OpenAI's protocol (vLLM, llama.cpp)
``fake``                       no model: answers by hash
``recorded:EPISODE``           no model: the replies of an episode, given again
``faulty:FAULTS:MODEL``        any of these with faults: ``faulty:all:local``
=============================  =======================================================

Other packages add names by the entry-point group ``sociarium.models``: the entry point's name is
what stands before the colon, its object is called with what stands after it (or an empty text)
and returns a :class:`~simulation.language.base.LanguageModel` or a LangChain chat model.
"""

from __future__ import annotations

import importlib.util
import os
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulation.errors import ModelNameError
from simulation.language.base import LanguageModel
from simulation.language.chat import ChatModel
from simulation.language.download import Progress, silent
from simulation.language.weights import VARIABLE, cached_path
from simulation.secrets import HIDDEN, redact_shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from langchain_core.language_models import BaseChatModel

GROUP: Final = "sociarium.models"
"""Entry-point group by which other packages add names."""


class ModelInfo(NamedTuple):
    """A line of ``sociarium list models``."""

    name: str
    what: str
    available: bool
    needs: str
    """What is missing, and how to get it; empty where nothing is."""


class _Service(NamedTuple):
    """A provider that LangChain has an integration for."""

    package: str
    chat_class: str
    extra: str
    key: str
    """The environment variable with the API key; empty where none is needed."""
    what: str
    retries: bool = True
    """Whether its client sends again by itself unless told not to."""


_SERVICES: Final[Mapping[str, _Service]] = {
    "openai": _Service(
        "langchain_openai", "ChatOpenAI", "openai", "OPENAI_API_KEY", "a model of OpenAI"
    ),
    "anthropic": _Service(
        "langchain_anthropic",
        "ChatAnthropic",
        "anthropic",
        "ANTHROPIC_API_KEY",
        "a model of Anthropic",
    ),
    "ollama": _Service(
        "langchain_ollama", "ChatOllama", "ollama", "", "a model that Ollama serves", retries=False
    ),
    "openai-compatible": _Service(
        "langchain_openai", "ChatOpenAI", "openai", "", "a server with OpenAI's protocol"
    ),
}
_FORMS: Final = {
    "openai": "openai:NAME",
    "anthropic": "anthropic:NAME",
    "ollama": "ollama:NAME",
    "openai-compatible": "openai-compatible:NAME@URL",
}
_FAULTY: Final = "faulty:FAULTS:MODEL"


def open_model(
    name: str | LanguageModel | BaseChatModel,
    *,
    progress: Progress | None = None,
    base_url: str | None = None,
) -> LanguageModel:
    """Give the model of a name, ready to be asked.

    Args:
        name: A name as above; or a model, which is given back as it is, a LangChain chat model
            wrapped.
        progress: Told the bytes done and in all if weights must be fetched.
        base_url: The server's address, for the names that stand for a server.

    Raises:
        ModelNameError: There is no such model, or its package, key or address is missing.
        WeightsError: The weights of a local model cannot be had.
    """
    if not isinstance(name, str):
        return _wrapped(name, None)
    kind, _, argument = name.strip().partition(":")
    if kind == "local":
        return _local(argument, progress or silent)
    if kind == "fake" and not argument:
        from simulation.language.fake import FakeModel  # noqa: PLC0415 - LangChain

        return FakeModel()
    if kind in ("recorded", "faulty"):
        return _derived(kind, argument, progress, base_url)
    if kind in _SERVICES:
        return _served(kind, argument, base_url)
    added = _added()
    if kind in added:
        factory: Callable[[str], LanguageModel | BaseChatModel] = added[kind].load()
        return _wrapped(factory(argument), name)
    known = ["local", "local:PATH", *_FORMS.values(), "fake", "recorded:EPISODE", _FAULTY, *added]
    raise ModelNameError("unknown model", value=name, allowed=known)


def list_models() -> list[ModelInfo]:
    """List every kind of name, and what each still needs on this machine."""
    cached = cached_path().is_file() or bool(os.environ.get(VARIABLE))
    size = "" if cached else "93 MB, fetched at first use"
    found = [
        ModelInfo("local", "SmolLM2-135M-Instruct in this process", True, size),
        ModelInfo("local:PATH", "another GGUF file in this process", True, ""),
    ]
    for kind, service in _SERVICES.items():
        needs = _missing(service)
        found.append(ModelInfo(_FORMS[kind], service.what, not needs, needs))
    found.append(ModelInfo("fake", "no model: answers by hash, for tests", True, ""))
    replies = "no model: the replies of an episode, given again"
    found.append(ModelInfo("recorded:EPISODE", replies, True, ""))
    faults = "any of these with faults, such as faulty:all:fake; see docs/faults.md"
    found.append(ModelInfo(_FAULTY, faults, True, ""))
    found += [ModelInfo(n, f"from {e.value}", True, "") for n, e in _added().items()]
    return found


def _wrapped(model: object, name: str | None) -> LanguageModel:
    if isinstance(model, LanguageModel):
        return model
    from langchain_core.language_models import BaseChatModel  # noqa: PLC0415 - 0.4 s

    if isinstance(model, BaseChatModel):
        return ChatModel(model, name=name)
    raise ModelNameError(
        "not a model",
        value=model,
        hint="Give a name, a LanguageModel or a LangChain chat model.",
    )


def _local(argument: str, progress: Progress) -> LanguageModel:
    from simulation.language.embedded import EmbeddedModel  # noqa: PLC0415 - numpy

    weights = Path(argument).expanduser() if argument else None
    return EmbeddedModel(weights, progress=progress)


def _derived(
    kind: str, argument: str, progress: Progress | None, base_url: str | None
) -> LanguageModel:
    """A model that is made of an episode, or of another model."""
    from simulation.language.faulty import Mischief, with_faults  # noqa: PLC0415 - seldom wanted
    from simulation.language.recorded import RecordedModel  # noqa: PLC0415 - it reads episodes

    if kind == "recorded":
        return RecordedModel.of(argument)
    faults, _, name = argument.partition(":")
    if not faults or not name:
        hint = f"Write {_FAULTY}, such as faulty:all:fake."
        raise ModelNameError("an incomplete name", value=f"faulty:{argument}", hint=hint)
    mischief = Mischief.parse(faults)
    model = open_model(name, progress=progress, base_url=base_url)
    if isinstance(model, RecordedModel):
        hint = "Give a model that is asked."
        raise ModelNameError("replies on record get no faults", value=name, hint=hint)
    return with_faults(model, mischief, f"faulty:{faults}:{model.name}")


def _served(kind: str, argument: str, base_url: str | None) -> LanguageModel:
    service = _SERVICES[kind]
    name, _, address = (
        argument.partition("@") if kind == "openai-compatible" else (argument, "", "")
    )
    address = base_url or address
    form = _FORMS[kind]
    if not name or (kind == "openai-compatible" and not address):
        raise ModelNameError(
            "an incomplete name", value=f"{kind}:{argument}", hint=f"Write {form}."
        )
    if HIDDEN in address:
        hint = "It was left out of the record: give the whole name again."
        raise ModelNameError("the address lacks its secret", value=argument, hint=hint)
    missing = _missing(service)
    if missing:
        raise ModelNameError(f"{kind}:{argument} cannot be used", hint=missing)
    options: dict[str, Any] = {"model": name}
    if service.retries:
        options["max_retries"] = 0  # they are ours: counted, logged, and shared by all
    if address:
        options["base_url"] = address
    if kind == "openai-compatible":
        # Such servers mostly want no key, but the client does not start without one.
        options["api_key"] = os.environ.get("OPENAI_API_KEY") or "none"
    chat_class = getattr(import_module(service.package), service.chat_class)
    return _wrapped(chat_class(**options), redact_shapes(f"{kind}:{argument}"))


def _missing(service: _Service) -> str:
    if importlib.util.find_spec(service.package) is None:
        package = service.package.replace("_", "-")
        return f"Install {package}: pip install 'sociarium[{service.extra}]'."
    if service.key and not os.environ.get(service.key):
        return f"Set the environment variable {service.key}."
    return ""


def _added() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}
