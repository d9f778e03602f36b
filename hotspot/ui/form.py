"""The sidebar: language, whose eyes, and the recipe. The only module that writes the page's state."""

import datetime as dt
from dataclasses import dataclass, fields

import streamlit as st

from hotspot.glossary import Language, Words, words
from hotspot.site import Audience
from hotspot.study import LIGHT, Study
from hotspot.ui.access import FREE_FILTERS, LOWERS, SEES_ALL, Reader
from hotspot.ui.desk import Desk

_THOUSAND = 1000
_OFFERED = ("period", "categories", "light", "weights", "budget_dkk")
_LANGUAGES: dict[Language, str] = {"da": "Dansk", "en": "English"}


@dataclass(frozen=True)
class Asked:
    """What the reader asks for.

    Parameters
    ----------
    study
        The recipe.
    audience, owner
        Whose eyes; never above the reader's own.
    language
        Whose words.
    """

    study: Study
    audience: Audience
    owner: str
    language: Language


def spoken(default: Language) -> Language:
    """Show the choice of language and return it; the address remembers it.

    Parameters
    ----------
    default
        The study's language.

    Returns
    -------
    str
        ``"da"`` or ``"en"``.
    """
    now: Language = "en" if (remembered("lang") or default) == "en" else "da"
    chosen = st.sidebar.segmented_control(
        "Sprog · Language",
        list(_LANGUAGES),
        default=now,
        format_func=lambda each: _LANGUAGES[each],
        key="language",
    )
    language: Language = chosen or now
    remember("lang", language)
    return language


def sidebar(desk: Desk, reader: Reader, language: Language) -> Asked:
    """Show the controls and return what is asked for.

    Parameters
    ----------
    desk
        The study.
    reader
        Who is looking.
    language
        Whose words.

    Returns
    -------
    Asked
        The recipe in the address, or the study's own.
    """
    _ = words(language)
    audience = _audience(reader, _)
    if audience not in FREE_FILTERS:
        return Asked(desk.store.study, audience, reader.owner, language)
    study = desk.recipe(remembered("r"))
    if audience not in SEES_ALL:
        study = _offered(desk.store.study, study)
    if remembered("r") not in ("", study.key):
        st.sidebar.warning(_("The address asks for choices that are not kept here. The study's own are shown."))
    changed = _recipe(desk, study, _, language)
    if changed is not None:
        study = changed
        remember("r", desk.keep_recipe(changed))
    elif remembered("r"):
        remember("r", remembered("r"))
    return Asked(study, audience, reader.owner, language)


def account(desk: Desk, reader: Reader, asked: Asked, answer: str) -> None:
    """Write once per visit what somebody who may filter freely or see every count was shown, after it was shown.

    Parameters
    ----------
    desk
        The study.
    reader
        Who is looking.
    asked
        The recipe and whose eyes.
    answer
        The key of the result that was released.

    Notes
    -----
    Who in which role, when, which fields were filtered though never to what, the recipe's key and the answer's. The
    recipe itself lies in the study's folder under its key.
    """
    if asked.audience not in FREE_FILTERS:
        return
    own, study = desk.store.study, asked.study
    filters = [each.name for each in fields(Study) if getattr(study, each.name) != getattr(own, each.name)]
    deed = "filter" if filters else "look"
    sees_all = bool(reader.mark) and asked.audience in SEES_ALL
    if (filters or sees_all) and st.session_state.get("accounted") != (study.key, asked.audience, answer):
        details = {"role": reader.audience, "as": asked.audience, "who": reader.mark, "filters": filters}
        desk.store.audit(deed, details | {"recipe": study.key, "result": answer})
    st.session_state["accounted"] = (study.key, asked.audience, answer)


def ask(desk: Desk, study: Study) -> None:
    """Ask for another recipe from a page, as the sidebar does, and begin again with it.

    Parameters
    ----------
    desk
        The study.
    study
        The recipe.
    """
    if study == desk.store.study:
        forget("r")
    else:
        remember("r", desk.keep_recipe(study))
    st.rerun()


def remember(name: str, value: str) -> None:
    """Keep a choice of view in the address.

    Parameters
    ----------
    name, value
        Such as ``layer`` and its key.
    """
    st.session_state[f"kept_{name}"] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def remembered(name: str) -> str:
    """Return a choice of view from the address, which a change of page empties; empty if there is none."""
    return str(st.query_params.get(name, st.session_state.get(f"kept_{name}", "")))


def forget(name: str) -> None:
    """Leave a choice of view out of the address again.

    Parameters
    ----------
    name
        Such as ``r``.
    """
    st.session_state.pop(f"kept_{name}", None)
    st.query_params.pop(name, None)


def chosen(name: str) -> str:
    """Return what `choose` offered and the reader took the last time; empty before that."""
    return str(st.session_state.get(name, ""))


def choose(name: str, choices: list[str], clicked: str, label: str, names: dict[str, str]) -> str:
    """Offer a choice that follows the map: a new click sets it, and the list changes it again.

    Parameters
    ----------
    name
        Names the choice.
    choices
        What can be chosen; not empty.
    clicked
        What was clicked last on the map; anything else leaves the choice alone.
    label
        What is chosen, for the reader.
    names
        Choice to words.

    Returns
    -------
    str
        One of the choices.
    """
    if clicked != st.session_state.get(f"clicked_{name}"):
        st.session_state[f"clicked_{name}"] = clicked
        if clicked in choices:
            st.session_state[name] = clicked
    if st.session_state.get(name) not in choices:
        st.session_state[name] = choices[0]
    taken: str = st.selectbox(label, choices, format_func=lambda each: names[each], key=name)
    return taken


def _audience(reader: Reader, _: Words) -> Audience:
    names: dict[Audience, str] = {
        "admin": _("Everything (administrator)"),
        "planner": _("Planner"),
        "liaison": _("Police liaison"),
        "council": _("Council"),
        "partner": _("Housing association"),
    }
    choices = LOWERS[reader.audience]
    if len(choices) == 1:
        return reader.audience
    chosen: Audience = st.sidebar.selectbox(
        _("View as"), choices, format_func=lambda each: names[each], key="audience",
        help=_("Shows what another reader may see. It never shows more than your own sign-in allows."),
    )  # fmt: skip
    return chosen if chosen in choices else choices[-1]  # whatever a browser sends


def _offered(own: Study, stored: Study) -> Study:
    """Return of a stored recipe what the form and the pages offer; all else is the study's own.

    Whoever runs the command line stores recipes too. One with cells of another size, laid over the study's own, would
    tell by its sums what those of them hide.
    """
    return own.but(**{name: getattr(stored, name) for name in _OFFERED})


def _recipe(desk: Desk, study: Study, _: Words, language: Language) -> Study | None:
    """Show the recipe's controls; return it changed once the reader says so."""
    tree = desk.snapshot().categories
    known = [code for code, each in tree.items() if each.assignable or code in study.categories]
    light = {"day": _("daylight"), "dusk": _("twilight"), "dark": _("darkness")}
    years = _periods(_covered(desk), study.period, _)
    now = next(name for name, days in years.items() if days == study.period)
    thousands = study.budget_dkk / _THOUSAND
    with st.sidebar.form("recipe", border=False):
        chosen = st.multiselect(
            _("Categories"), known, default=[each for each in study.categories if each in tree],
            format_func=lambda code: tree[code].name[language], placeholder=_("all"),
        )  # fmt: skip
        lit = st.pills(
            _("Light"), list(LIGHT), default=list(study.light), selection_mode="multi",
            format_func=lambda each: light[each],
        )  # fmt: skip
        period = st.selectbox(_("Period"), list(years), index=list(years).index(now))
        budget = st.number_input(_("Budget (thousand DKK)"), min_value=0.0, value=thousands, step=100.0, format="%g")
        done = st.form_submit_button(_("Work it out"), type="primary", width="stretch")
    if not done:
        return None
    asked = tuple(each for each in LIGHT if each in lit) or LIGHT
    return study.but(
        categories=tuple(chosen), light=asked, period=years[period], budget_dkk=round(budget * _THOUSAND, 2)
    )


def _covered(desk: Desk) -> tuple[dt.date, dt.date] | None:
    tables = desk.snapshot().tables
    if "incidents" not in tables:
        return None
    covers = [each for each in tables["incidents"].coverage if each.start and each.end]
    if not covers:
        return None
    return max(each.start for each in covers if each.start), min(each.end for each in covers if each.end)


def _periods(
    covered: tuple[dt.date, dt.date] | None, now: tuple[dt.date, dt.date] | None, _: Words
) -> dict[str, tuple[dt.date, dt.date] | None]:
    """Name the periods to choose from: all days covered, every whole year in them, and the recipe's own."""
    names: dict[str, tuple[dt.date, dt.date] | None] = {_("all days covered"): None}
    if covered:
        for year in range(covered[0].year, covered[1].year + 1):
            whole = (dt.date(year, 1, 1), dt.date(year, 12, 31))
            if whole[0] >= covered[0] and whole[1] <= covered[1]:
                names[str(year)] = whole
    if now is not None and now not in names.values():
        names[_("{first} to {last}", first=now[0], last=now[1])] = now
    return names
