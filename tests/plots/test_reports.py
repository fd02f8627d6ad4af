"""The report of an episode: it stands alone, every number leads to its events, nothing executes."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from simulation import Episode, Simulation, WorldSpec
from simulation.report.page import episode_page
from worlds import village

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>\u202e\x1b[31m$x^{$'


class Reader(HTMLParser):
    """Notes what a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, attribute: str) -> list[str]:
        return [value for _, found in self.tags if (value := found.get(attribute))]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("report") / "morning"
    with Simulation(village.load(agents=6), mind="rules", seed=3, out=out) as simulation:
        return simulation.run(ticks=150)


@pytest.fixture(scope="module")
def page(lived: Episode) -> str:
    return episode_page(lived)


def lived_by(spec: WorldSpec, ticks: int, tmp_path_factory: pytest.TempPathFactory) -> Episode:
    out = tmp_path_factory.mktemp("report") / "x"
    with Simulation(spec, mind="rules", seed=3, out=out) as simulation:
        return simulation.run(ticks=ticks)


def test_it_needs_nothing_from_anywhere(page: str) -> None:
    read = Reader(page)
    assert all(source.startswith("data:image/png;base64,") for source in read.values("src"))
    assert all(link.startswith("#") for link in read.values("href"))
    assert len(read.values("src")) >= 12


def test_nothing_may_execute_or_be_fetched_by_policy(page: str) -> None:
    [policy] = [found["content"] for _, found in Reader(page).tags
                if found.get("http-equiv") == "Content-Security-Policy"]  # fmt: skip
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "script-src" not in rules
    assert rules["img-src"] == "data:"


def test_every_link_leads_somewhere_on_the_page(page: str) -> None:
    read = Reader(page)
    places = set(read.values("id"))
    assert len(places) == len(read.values("id"))
    assert {link.removeprefix("#") for link in read.values("href")} <= places


def test_a_number_leads_to_as_many_events_as_it_says(page: str, lived: Episode) -> None:
    found = re.findall(r"<dt>utterances</dt><dd><a href=\"#(n\d+)\">(\d+)</a>", page)
    [(anchor, number)] = found
    behind = page.split(f'<details id="{anchor}"')[1].split("</details>", maxsplit=1)[0]
    assert int(number) == len(lived.dialogue) == len(re.findall(r'class="id"', behind))


def test_the_words_of_an_event_stand_beside_its_id(page: str, lived: Episode) -> None:
    first = lived.dialogue.iloc[0]
    row = page.split(f'<tr id="e{first["id"]}">')[1].split("</tr>", maxsplit=1)[0]
    assert first["text"][:10] in row


def test_hostile_words_stay_words(tmp_path_factory: pytest.TempPathFactory) -> None:
    spec = village.load(agents=2)
    cast = tuple(who.model_copy(update={"name": HOSTILE[:33] + who.id}) for who in spec.cast)
    facts = tuple(fact.model_copy(update={"statement": HOSTILE}) for fact in spec.facts)
    topics = tuple(topic.model_copy(update={"statement": HOSTILE}) for topic in spec.topics)
    more = {"title": HOSTILE, "cast": cast, "facts": facts, "topics": topics}
    page = episode_page(lived_by(spec.model_copy(update=more), 60, tmp_path_factory))
    read = Reader(page)
    tags = {tag for tag, _ in read.tags}
    assert not tags & {"script", "iframe", "object", "embed", "link", "form"}
    assert not [name for _, found in read.tags for name in found if name.startswith("on")]
    assert "alert(2)" in "".join(read.text)
    assert "\x1b" not in page


def test_one_person_is_told_what_cannot_be_said_of_one(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    page = episode_page(lived_by(village.load(agents=1), 30, tmp_path_factory))
    assert "One person lives here" in page
    assert "nobody to share with" in page
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", " ".join(Reader(page).text))


def test_a_world_without_facts_topics_or_norms_says_so(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    bare = {"facts": (), "topics": (), "norms": (), "goals": ()}
    page = episode_page(
        lived_by(village.load(agents=2).model_copy(update=bare), 20, tmp_path_factory)
    )
    for said in ("no facts", "no topics", "declares no norms", "declares no goals"):
        assert said in page
    assert not re.search(r"\bnan\b", " ".join(Reader(page).text))
