from __future__ import annotations

import asyncio
import http.client
import math
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from simulation.errors import ModelError, WeightsError
from simulation.language.adapter import EmbeddedChatModel
from simulation.language.base import Chosen, Example, Phrase, Prompt, Purpose
from simulation.language.contract import check_language_model
from simulation.language.embedded import EmbeddedModel
from simulation.language.llama import CONTEXT, Engine
from simulation.language.weights import find_weights

pytestmark = pytest.mark.embedded

DEEDS = (
    ("Bo is a miller. It is noon and Bo is at the mill. Bo is rested.", "carry the flour inside"),
    ("Mia is a baker. It is 11 at night and Mia is at home. Mia is tired.", "sleep in the bed"),
    ("Jon is a farmer. It is noon and Jon is at the inn. Jon is hungry.", "eat the soup"),
    ("Eva is a nurse. It is evening and Eva is at home. Eva is lonely.", "talk to the neighbour"),
    ("Max is a smith. It is morning and Max is at the forge. Max is rested.", "work on the gate"),
)
EXAMPLES = tuple(
    Example(question=f"{text} So {text.split()[0]} decides to", answer=answer)
    for text, answer in DEEDS
)
OPTIONS = (
    Phrase(text="carry the logs", verb="carry", lead="the", head="logs"),
    Phrase(text="eat the bread", verb="eat", lead="the", head="bread"),
    Phrase(text="eat the cheese", verb="eat", lead="the", head="cheese"),
    Phrase(text="sleep in the bed", verb="sleep", lead="in the", head="bed"),
    Phrase(text="whittle a spoon", verb="whittle", lead="a", head="spoon"),
)


def asking(question: str, purpose: Purpose = "decide") -> Prompt:
    return Prompt(purpose=purpose, instructions="", examples=EXAMPLES, question=question)


PLAIN = asking("Ada is a person. So Ada decides to")
HUNGRY = asking("Ada is a cook. It is noon. Ada is very hungry. So Ada decides to")
TIRED = asking("Ada is a cook. It is 11 at night. Ada is very tired. So Ada decides to")


def corrected(chosen: Chosen) -> list[float]:
    assert chosen.logps is not None
    assert chosen.priors is not None
    pairs = zip(chosen.logps, chosen.priors, strict=True)
    weights = [math.exp(logp - prior / 2) for logp, prior in pairs]
    return [weight / sum(weights) for weight in weights]


@pytest.fixture(scope="module")
def model() -> Iterator[EmbeddedModel]:
    model = EmbeddedModel()
    yield model
    model.close()


def test_the_embedded_model_keeps_the_contract(model: EmbeddedModel) -> None:
    asyncio.run(check_language_model(model))


def test_a_situation_moves_the_choice_the_right_way(model: EmbeddedModel) -> None:
    hungry = corrected(asyncio.run(model.choose(HUNGRY, OPTIONS, plain=PLAIN)))
    tired = corrected(asyncio.run(model.choose(TIRED, OPTIONS, plain=PLAIN)))
    assert hungry[1] + hungry[2] > tired[1] + tired[2]
    assert tired[3] > hungry[3]


def test_options_that_share_a_verb_are_told_apart_by_their_heads(model: EmbeddedModel) -> None:
    question = "Ada is a cook. Ada thinks of cheese. Ada wants cheese. So Ada decides to"
    chosen = asyncio.run(model.choose(asking(question), OPTIONS))
    assert chosen.logps is not None
    assert chosen.logps[2] > chosen.logps[1]


def test_a_prior_is_paid_once_and_does_not_depend_on_the_menu(model: EmbeddedModel) -> None:
    plain = asking("Ben is a person. So Ben decides to")
    first = asyncio.run(model.choose(HUNGRY, OPTIONS, plain=plain))
    again = asyncio.run(model.choose(HUNGRY, OPTIONS[1:], plain=plain))
    assert first.priors is not None
    assert again.priors is not None
    assert again.priors == pytest.approx(first.priors[1:])
    assert again.usage.forwards <= first.usage.forwards - 4


def test_agents_share_the_examples_that_they_have_in_common(model: EmbeddedModel) -> None:
    asyncio.run(model.choose(HUNGRY, OPTIONS[:1], slot="Ada"))
    other = asking("Zoe is a clerk. It is noon. Zoe is bored. So Zoe decides to")
    usage = asyncio.run(model.choose(other, OPTIONS[:1], slot="Zoe")).usage
    assert usage.prompt_tokens - usage.cached_tokens < 30


def test_importance_is_rated_in_the_right_order(model: EmbeddedModel) -> None:
    rated = [("The stove is idle.", "1"), ("Bo's house burned down.", "9"), ("Bo ate.", "2")]
    examples = tuple(Example(question=f"{text} Rating:", answer=n) for text, n in rated)

    def rate(text: str) -> float:
        prompt = Prompt(
            purpose="rate", instructions="", examples=examples, question=f"{text} Rating:"
        )
        return asyncio.run(model.rate(prompt, 1, 9)).value

    assert rate("The fridge is idle.") < rate("Ada's mother died in the fire.")


def test_what_it_writes_is_repeatable_by_seed(model: EmbeddedModel) -> None:
    prompt = asking("Ada: The bread is ready, so", "utter")

    def write(seed: int) -> str:
        return asyncio.run(model.write(prompt, max_tokens=12, temperature=1.0, seed=seed)).text

    assert write(1) == write(1)
    assert len({write(seed) for seed in range(4)}) > 1


def test_calls_may_be_made_at_once(model: EmbeddedModel) -> None:
    async def ask() -> list[Chosen]:
        calls = [model.choose(p, OPTIONS[:2]) for p in (HUNGRY, TIRED, HUNGRY)]
        return list(await asyncio.gather(*calls))

    first, _, third = asyncio.run(ask())
    assert first.logps == third.logps


def test_an_answer_does_not_depend_on_what_was_asked_before(model: EmbeddedModel) -> None:
    def ask(of: EmbeddedModel) -> list[object]:
        made = [of.choose(p, OPTIONS, plain=PLAIN) for p in (TIRED, HUNGRY)]
        chosen = [asyncio.run(call) for call in made]
        return [(c.logps, c.priors) for c in chosen]

    fresh = EmbeddedModel()
    asyncio.run(model.choose(PLAIN, OPTIONS[3:], plain=PLAIN))
    asyncio.run(model.choose(asking("Ada is a cook. It is 11"), OPTIONS[:2]))
    asyncio.run(model.write(asking("Ada is a cook. It is 11 at night."), max_tokens=3))
    assert ask(model) == ask(fresh)
    fresh.close()


def test_a_prompt_that_is_too_long_is_a_model_error(model: EmbeddedModel) -> None:
    with pytest.raises(ModelError, match="exceeds"):
        asyncio.run(model.write(asking("word " * (CONTEXT + 1))))


def test_it_says_which_weights_and_build_answered(model: EmbeddedModel) -> None:
    described = model.describe()
    assert described["quantisation"] == "Q8_0"
    assert len(described["sha256"]) == 64


def test_a_closed_model_says_so() -> None:
    model = EmbeddedModel()
    asyncio.run(model.aclose())
    with pytest.raises(ModelError, match="closed"):
        asyncio.run(model.rate(PLAIN, 1, 9))


def test_loading_and_asking_print_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    model = EmbeddedModel()
    asyncio.run(model.write(asking("Ada: So"), max_tokens=2))
    model.close()
    assert capfd.readouterr() == ("", "")


def test_damaged_weights_are_told(
    tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path_factory.mktemp("weights") / "damaged.gguf"
    path.write_bytes(find_weights().read_bytes()[:4096])
    with pytest.raises(WeightsError, match="cannot load"):
        EmbeddedModel(path)
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("route", ["/tokenize", "/completion", "/slots/0?action=erase"])
def test_the_port_is_locked(route: str) -> None:
    engine = Engine(find_weights())
    address = urlsplit(engine.address)
    assert address.hostname == "127.0.0.1"
    connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=10)
    connection.request("POST", route, '{"content": "a", "prompt": "a"}')
    assert connection.getresponse().status == 401
    connection.close()
    engine.close()


def test_it_chats_as_a_langchain_model() -> None:
    chat = EmbeddedChatModel(max_tokens=12, temperature=0.0)
    answer = chat.invoke("Say hello.")
    again = asyncio.run(chat.ainvoke("Say hello."))
    stopped = chat.invoke("Say hello.", stop=[str(answer.text)[3]])
    chat.close()
    assert answer.text == again.text
    assert str(answer.text)[:3].startswith(str(stopped.text))
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["output_tokens"] <= 12
