"""The player in a real browser, from a file: what a person does with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from browser import PHONE

from simulation import Simulation
from simulation.episode.events import Asked, Decided
from simulation.interventions import parse_timed
from simulation.language.fake import FakeModel
from worlds import village

if TYPE_CHECKING:
    from conftest import Watch

    from simulation import Episode

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def episode(tmp_path_factory: pytest.TempPathFactory) -> Episode:
    """Three hours of five residents on a model that answers at once."""
    out = tmp_path_factory.mktemp("player") / "day"
    options: dict[str, Any] = {"model": FakeModel(), "embedder": "hash", "chroma": "memory"}
    with Simulation(village.load(agents=5), seed=7, out=out, **options) as simulation:
        return simulation.run(ticks=180)


@pytest.fixture(scope="module")
def url(episode: Episode, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "day.html"
    return episode.replay().save(path).as_uri()


def test_a_day_plays_by_itself_and_stops_where_it_is_stopped(watch: Watch, url: str) -> None:
    watched = watch(url)
    page = watched.page
    page.get_by_role("button", name="Play", exact=True).click()
    watched.until(lambda: watched.tick > 3)
    page.get_by_role("button", name="Pause").click()
    stopped = watched.tick
    page.wait_for_timeout(400)
    assert watched.tick == stopped
    watched.picture("playing")
    assert watched.troubles == []
    assert watched.requests == []


def test_the_timeline_is_scrubbed_by_pointer_and_by_keys(watch: Watch, url: str) -> None:
    watched = watch(url)
    page = watched.page
    slider = page.get_by_role("slider").first
    box = slider.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.5)
    middle = watched.tick
    assert 70 < middle < 110
    page.locator("body").press("ArrowRight")
    page.locator("body").press("Shift+ArrowRight")
    assert watched.tick == middle + 11
    page.locator("body").press("Home")
    assert watched.tick == 0
    page.locator("body").press("End")
    assert watched.tick == 179


def test_next_goes_to_the_next_utterance(watch: Watch, url: str, episode: Episode) -> None:
    watched = watch(url)
    page = watched.page
    page.get_by_label("What to jump to").select_option(label="utterance")
    page.get_by_role("button", name="Next of this kind").click()
    first = int(episode.dialogue["tick"].iloc[0])
    watched.until(lambda: watched.tick == first)


def test_a_click_on_somebody_tells_why_they_act(watch: Watch, url: str, episode: Episode) -> None:
    watched = watch(url)
    page = watched.page
    page.locator("body").press("End")
    box = page.locator(".sp canvas").first.bounding_box()
    assert box is not None
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*at)  # whatever is there, nothing breaks
    page.get_by_label("Resident").first.select_option(label="Bram")
    panel = watched.panel("Why")
    panel.get_by_text("What could have been done").wait_for()
    panel.get_by_text("What was perceived").wait_for()
    text = panel.inner_text()
    decided = list(episode.each(Decided, "bram"))[-1]
    option = episode.log.contents((decided.menu,))[decided.menu]
    assert "Bram" in text
    assert any(part in text for part in re.findall(r'"text":"([^"]+)"', option))
    watched.picture("why")
    assert watched.troubles == []


def test_the_exact_prompt_stands_behind_a_choice(watch: Watch, url: str, episode: Episode) -> None:
    choice = next(event for event in episode.each(Decided) if event.call)
    asked = episode.event(choice.call)
    assert isinstance(asked, Asked)
    last = episode.content(asked.prompt).strip().splitlines()[-1]
    watched = watch(f"{url}#t={choice.tick}&a={choice.agent}&e={choice.id}")
    panel = watched.panel("Why")
    panel.get_by_text("What the model was asked").wait_for()
    for summary in panel.locator("summary").all():
        summary.click()
    watched.until(lambda: last[:80] in panel.inner_text())


def test_a_link_to_a_cause_leads_to_that_moment(watch: Watch, url: str, episode: Episode) -> None:
    act = next(event for event in episode.iter_events(("acted",)) if event.tick > 30)
    watched = watch(f"{url}#t={act.tick}&a={act.agent}&e={act.id}")
    panel = watched.panel("Why")
    panel.get_by_text("decided").first.wait_for()
    links = panel.locator(".sp-moment")
    links.first.wait_for()
    before = watched.link
    links.last.click()
    assert watched.link != before


def test_a_link_opens_at_its_moment_with_its_person(watch: Watch, url: str) -> None:
    watched = watch(f"{url}#t=60&a=chiara")
    watched.until(lambda: watched.tick == 60)
    assert watched.link["a"] == "chiara"
    resident = watched.page.get_by_label("Resident").first
    assert resident.locator("option:checked").inner_text() == "Chiara"


def test_what_was_said_is_found(watch: Watch, url: str, episode: Episode) -> None:
    watched = watch(url)
    page = watched.page
    words = str(episode.dialogue["text"].iloc[-1]).split(maxsplit=4)
    status = watched.panel("Talk").get_by_role("status").first
    page.get_by_label("Search what was said").fill(" ".join(words[:3]))
    watched.until(lambda: " found" in status.inner_text() or " of " in status.inner_text())
    page.get_by_label("Next place found").click()
    watched.picture("talk")
    assert watched.troubles == []


@pytest.mark.parametrize("name", ["Person", "Talk", "Network", "News", "Behaviours", "Cost"])
def test_every_panel_shows_something_and_complains_of_nothing(
    watch: Watch, url: str, name: str
) -> None:
    watched = watch(f"{url}#t=170&a=bram")
    panel = watched.panel(name)
    panel.wait_for()
    watched.page.wait_for_timeout(500)
    assert len(panel.inner_text()) > 40
    watched.picture(f"panel-{name.lower()}")
    assert watched.troubles == []


def test_it_fits_a_phone_in_the_dark(watch: Watch, url: str) -> None:
    watched = watch(
        url, viewport=PHONE, color_scheme="dark", has_touch=True, is_mobile=True,
        device_scale_factor=2,
    )  # fmt: skip
    watched.page.get_by_role("button", name="Play", exact=True).tap()
    watched.page.wait_for_timeout(800)
    watched.picture("phone")
    assert watched.overflow == 0
    assert watched.troubles == []


def test_two_episodes_are_watched_in_step(watch: Watch, episode: Episode, tmp_path: Path) -> None:
    out = tmp_path / "branch"
    script = [parse_timed('60 announce "The bell rings." in square', episode.clock, where="test")]
    with Simulation.branch(episode.folder, 60, out=out, interventions=script) as simulation:
        branch = simulation.run(ticks=90)
    page = branch.replay(episode).save(tmp_path / "both.html")
    watched = watch(page.as_uri())
    assert watched.page.locator(".sp canvas.sp-map-canvas").count() == 2
    watched.page.locator("body").press("End")
    watched.picture("compare")
    assert watched.troubles == []


def test_whoever_asks_for_less_motion_gets_it(watch: Watch, url: str) -> None:
    watched = watch(url, reduced_motion="reduce")
    watched.page.locator("body").press("Space")
    watched.until(lambda: watched.tick > 2)
    watched.page.locator("body").press("Space")
    assert watched.troubles == []


def test_every_control_has_a_name_for_those_who_do_not_see_it(watch: Watch, url: str) -> None:
    page = watch(url).page
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('.sp button, .sp input, .sp select')]
        .filter((one) => one.offsetParent && !one.getAttribute('aria-label')
          && !one.textContent.trim() && !one.closest('label'))
        .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert nameless == []


def test_a_damaged_page_says_so(watch: Watch, url: str, tmp_path: Path) -> None:
    text = Path(url2pathname(urlsplit(url).path)).read_text(encoding="utf-8")
    broken = re.sub(r'(data-part="core">)[^<]{40}', r"\1" + "A" * 40, text, count=1)
    (tmp_path / "broken.html").write_text(broken, encoding="utf-8")
    watched = watch((tmp_path / "broken.html").as_uri(), ready="[role=alert]")
    assert "damaged" in watched.page.get_by_role("alert").inner_text()
