"""The player on a run that is still going on, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from live_client import watched

from simulation import Episode
from simulation.episode.events import Intervened, Remembered, Said
from simulation.language.fake import FakeModel

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Watch

pytestmark = pytest.mark.browser


def test_a_run_is_stepped_played_and_paused_from_the_page(watch: Watch, tmp_path: Path) -> None:
    with watched(tmp_path / "e", ticks=100_000, page=None) as run:
        shown = watch(run.server.url)
        shown.page.get_by_role("button", name="Live one tick").click()
        run.lived(1)
        shown.page.get_by_role("button", name="Run on").click()
        run.until(lambda: run.session.state().ticks > 20)
        shown.page.get_by_role("button", name="Pause the run").click()
        run.until(lambda: run.session.state().state == "paused")
        lived = run.session.state().ticks
        shown.until(lambda: shown.tick == lived - 1)
        shown.picture("live")
        assert shown.troubles == []
        shown.page.goto("about:blank")


def test_a_whisper_from_the_page_is_on_the_log_and_in_a_mind(watch: Watch, tmp_path: Path) -> None:
    settings = {"mind": "generative", "model": FakeModel(), "embedder": "hash"}
    with watched(tmp_path / "e", ticks=5, page=None, **settings) as run:
        shown = watch(run.server.url)
        shown.page.get_by_label("What is done to the run").select_option("whisper")
        shown.page.get_by_label("To whom").select_option("ada")
        shown.page.get_by_label("Words").fill("The lamp on the quay is out.")
        shown.page.get_by_role("button", name="send").click()
        shown.page.get_by_role("button", name="Live one tick").click()
        run.lived(1)
        shown.page.get_by_text("whisper ada").first.wait_for()
        shown.page.goto("about:blank")
        run.over()
    episode = Episode.open(tmp_path / "e")
    whispered = [event for event in episode.each(Intervened) if event.kind == "whisper"]
    assert [event.details["words"] for event in whispered] == ["The lamp on the quay is out."]
    memories = [event.text for event in episode.each(Remembered, "ada")]
    assert any("lamp on the quay" in text for text in memories)


def test_the_token_does_not_stay_in_the_address_and_is_needed(watch: Watch, tmp_path: Path) -> None:
    with watched(tmp_path / "e", page=None) as run:
        shown = watch(run.server.url)
        assert "token" not in shown.page.url
        shown.page.reload()
        shown.page.wait_for_selector(".sp canvas", state="visible")
        other = shown.page.context.browser
        assert other is not None
        stranger = other.new_context().new_page()
        answer = stranger.goto(f"http://127.0.0.1:{urlsplit(run.server.url).port}/")
        assert answer is not None
        assert answer.status in (401, 403)
        stranger.context.close()
        shown.page.goto("about:blank")


def test_what_is_said_is_heard_in_the_page_as_the_run_goes_on(watch: Watch, tmp_path: Path) -> None:
    with watched(tmp_path / "e", ticks=120, page=None, agents=6) as run:
        shown = watch(run.server.url)
        run.over()
        said = list(Episode.open(tmp_path / "e").each(Said))
        assert said
        talk = shown.panel("Talk")
        shown.until(lambda: shown.tick == 119)
        talk.get_by_text(said[-1].text[:40]).first.wait_for()
        assert shown.troubles == []
        shown.page.goto("about:blank")
