"""What was noticed in a file, each with examples, and the fixes to accept; columns about persons to leave out."""

import re

import streamlit as st

from hotspot.errors import PersonalDataError
from hotspot.glossary import say, words
from hotspot.sources.fixes import ALL, DETECTORS, OTHER_CODES, Finding
from hotspot.ui import form
from hotspot.ui.parts.intake.fields import field_name
from hotspot.ui.parts.intake.reading import Look
from hotspot.ui.parts.tables import plain
from hotspot.ui.parts.told import show_refusal
from hotspot.ui.view import View

_SCREEN = 20  # findings that fit one
_OPTION = re.compile(r'--drop "(.*?)"(?= --drop|$)')


def accepted(stamp: str) -> tuple[str, ...]:
    """Return the codes of the fixes that the reader accepted.

    Parameters
    ----------
    stamp
        The file's.

    Returns
    -------
    tuple of str
        ``("all",)`` where every proposal is taken.
    """
    if form.chosen(f"intake-{stamp}-all") == "True":
        return (ALL,)
    codes = (*DETECTORS, *OTHER_CODES)
    return tuple(code for code in codes if form.chosen(f"intake-{stamp}-accept-{code}") == "True")


def left_out(stamp: str, headings: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns about persons that the reader leaves out.

    Parameters
    ----------
    stamp
        The file's.
    headings
        Its columns.

    Returns
    -------
    tuple of str
        In the file's order.
    """
    return tuple(each for each in headings if form.chosen(_drop_key(stamp, each)) == "True")


def show_persons(view: View, stamp: str, look: Look, dropped: tuple[str, ...]) -> None:
    """Offer to leave out, with one click each, the columns that point at a person.

    Parameters
    ----------
    view
        Whose words.
    stamp
        The file's.
    look
        The file as it is read now.
    dropped
        What is left out already.
    """
    _ = words(view.language)
    refused, named = look.refused, list[str]()
    if isinstance(refused, PersonalDataError):
        named = _OPTION.findall(str(refused.values["drop"]))
        rule, found, _fix = (say(part, view.language) for part in refused.told)
        st.error(f"**{rule}**\n\n{_('found')}: {plain(found)}")
        st.write(_("No cell of the file is shown or kept. Leave these columns out to go on with the rest:"))
    elif refused is not None and look.diagnosis is None:
        show_refusal(refused, view.language)
    for column in dict.fromkeys((*dropped, *named)):
        st.checkbox(_("Leave out the column “{column}”", column=column), key=_drop_key(stamp, column))


def show_findings(view: View, stamp: str, look: Look) -> None:
    """Show what was noticed: proposals to accept first, then what the reader should know.

    Parameters
    ----------
    view
        Whose words.
    stamp
        The file's.
    look
        The file as it is read now.
    """
    _ = words(view.language)
    findings = look.diagnosis.findings if look.diagnosis else ()
    proposals = [each for each in findings if each.code and not each.harmless]
    every = form.chosen(f"intake-{stamp}-all") == "True"
    if len(proposals) > 1 or every:
        st.checkbox(_("Accept every proposed fix"), key=f"intake-{stamp}-all")
    for each in proposals:
        _propose(view, stamp, each, every=every)
    if not findings:
        st.write(_("Nothing stands out."))
    if look.refused is not None and not proposals:
        show_refusal(look.refused, view.language)
        _say_where(str(look.refused.told[2]), view)
    told = {say(each.sentence, view.language) for each in proposals}
    told |= {_("Accepted: {fix}.", fix=each.fix) for each in proposals if each.fix}
    rest = [each for each in findings if each not in proposals and say(each.sentence, view.language) not in told]
    if rest:
        with st.expander(_("Also noticed ({n})", n=len(rest)), expanded=len(rest) <= _SCREEN):
            st.markdown("\n".join(f"- {plain(_noticed(each, view))}" for each in rest))


def _noticed(finding: Finding, view: View) -> str:
    """Return a finding with its examples behind it."""
    _ = words(view.language)
    told = finding.sentence
    known = {"field": f"“{field_name(told.values['field'], _)}”"} if "field" in told.values else {}
    said = _(told.template, **{**told.values, **known})
    if not finding.examples:
        return said
    return _("{said} ({rows:row|rows} {rows})", said=said, rows=list(finding.examples))


def _propose(view: View, stamp: str, finding: Finding, *, every: bool) -> None:
    _ = words(view.language)
    with st.container(border=True):
        st.markdown(f"**{plain(say(finding.sentence, view.language))}**")
        if finding.examples:
            st.caption(plain("; ".join(_("row {example}", example=each) for each in finding.examples)))
        label = _("Accept: {fix}", fix=finding.fix)
        if every:
            st.checkbox(label, value=True, disabled=True, key=f"intake-{stamp}-taken-{finding.code}")
        else:
            st.checkbox(label, key=f"intake-{stamp}-accept-{finding.code}")


def _say_where(fix: str, view: View) -> None:
    """Say which controls of the page stand for the command line's options that a fix names."""
    _ = words(view.language)
    controls = {
        "--map": _("the columns under “{step}”", step=_("Columns")),
        "--drop": _("the columns under “{step}”", step=_("Columns")),
        "--crs": _("“{label}”", label=_("Reference system, if the file does not say")),
        "--layer": _("“{label}”", label=_("Layer or sheet")),
        "--coverage": _("“{label}”", label=_("What it covers")),
    }
    named = [f"`{option}` = {control}" for option, control in controls.items() if option in fix]
    if named:
        st.caption(_("On this page: {fields}.", fields="; ".join(named)))


def _drop_key(stamp: str, column: str) -> str:
    return f"intake-{stamp}-drop-{column}"
