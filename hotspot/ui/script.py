"""The Streamlit script: who looks, what is asked, which page shows it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from hotspot.errors import HotspotError
from hotspot.glossary import Language, words
from hotspot.release import Release
from hotspot.ui import access, form
from hotspot.ui.desk import Desk, open_desk
from hotspot.ui.pages import about, data, hot_spots, map_page, priorities
from hotspot.ui.parts.icon import icon
from hotspot.ui.parts.look import settle
from hotspot.ui.parts.page_language import speak
from hotspot.ui.parts.told import show_mishap, show_refusal
from hotspot.ui.parts.waiting import wait_for
from hotspot.ui.serve import study_folder
from hotspot.ui.view import View


@dataclass(frozen=True)
class _Entry:
    show: Callable[[View], None]
    title: str
    address: str


def main() -> None:
    """Show the page that is asked for."""
    st.set_page_config(page_title="Hotspot", page_icon=icon(), layout="wide")
    try:
        _show()
    except HotspotError as refused:
        show_refusal(refused, _asked_language())
    except Exception:
        logging.getLogger(__name__).exception("a page failed")
        show_mishap(_asked_language())


def _asked_language() -> Language:
    return "en" if form.remembered("lang") == "en" else "da"


def _show() -> None:
    folder = study_folder()
    if not (folder / "study.toml").is_file():
        st.title("Hotspot")
        st.info(
            f"Ingen undersøgelse i {folder}. Skriv: hotspot demo {folder}\n\nNo study in {folder}. "
            f"Type: hotspot demo {folder}"
        )
        return
    desk = open_desk(str(folder.resolve()))
    language = form.spoken(desk.store.study.language)
    speak(language)
    settle(language)
    _ = words(language)
    reader = access.who_looks(desk.site)
    if reader is None:
        st.title("Hotspot")
        st.write(_("Sign in with your municipality's account. Someone without a role sees nothing."))
        st.button(_("Sign in"), on_click=st.login)
        return
    asked = form.sidebar(desk, reader, language)
    release = desk.release_of(asked.study, asked.audience, asked.owner)
    if release is not None:
        form.account(desk, reader, asked, release.key)
    _navigate(desk, release, asked, language)


def _navigate(desk: Desk, release: Release | None, asked: form.Asked, language: Language) -> None:
    _ = words(language)
    entries = [
        _Entry(map_page.show, _("Map"), "map"),
        _Entry(hot_spots.show, _("Hot spots"), "hotspots"),
        _Entry(priorities.show, _("Priorities"), "priorities"),
        _Entry(data.show, _("Data"), "data"),
        _Entry(about.show, _("About"), "about"),
    ]
    pages = [
        st.Page(
            _bound(entry, desk, release, asked),
            title=entry.title,
            url_path=entry.address,
            default=number == 0,
        )
        for number, entry in enumerate(entries)
    ]
    st.navigation(pages, position="top").run()


def _bound(entry: _Entry, desk: Desk, release: Release | None, asked: form.Asked) -> Callable[[], None]:
    def page() -> None:
        if release is None:
            wait_for(desk, asked)
        else:
            entry.show(View(release, asked.language, asked, desk))

    page.__name__ = entry.address
    return page
