"""What was noticed in a file, each with examples, and the fixes to accept; columns about persons to leave out."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from hotspot.errors import PersonalDataError
from hotspot.glossary import say, words
from hotspot.schema.readings import CORRECTED_BEFORE, READINGS, Word, otherwise
from hotspot.sources.fixes import ALL, DETECTORS, OTHER_CODES, Finding
from hotspot.store.remembered import remembered
from hotspot.ui import form
from hotspot.ui.parts.intake.fields import field_name
from hotspot.ui.parts.intake.reading import Look, Upload
from hotspot.ui.parts.tables import plain
from hotspot.ui.parts.told import show_refusal
from hotspot.ui.view import View

_SCREEN = 20  # findings that fit one
_OPTION = re.compile(r'--drop "(.*?)"(?= --drop|$)')


class Asked(NamedTuple):
    """What the reader says of a file, and where it is said.

    Attributes
    ----------
    stamp
        Names the controls.
    before
        What was said of the delivery before, which holds until the reader says otherwise.
    """

    stamp: str
    before: Word

    @property
    def word(self) -> Word:
        """What the reader accepts (``all`` where every proposal is taken) and declines now."""
        codes = (*DETECTORS, *OTHER_CODES)
        every = form.chosen(f"intake-{self.stamp}-all") == "True"
        taken = (ALL,) if every else tuple(code for code in codes if self.says("accept", code))
        return Word(taken, tuple(code for code in READINGS if self.says("decline", code)))

    def says(self, what: str, code: str) -> bool:
        """Tell whether a code is accepted, or declined."""
        said = form.chosen(self.key(what, code))
        return said == "True" or (not said and self.was(what, code))

    def was(self, what: str, code: str) -> bool:
        """Tell whether a code was accepted, or declined, in the delivery before."""
        return code in (self.before.accept if what == "accept" else self.before.decline)

    def key(self, what: str, code: str) -> str:
        """Name the control that accepts, or declines, a code."""
        return f"intake-{self.stamp}-{what}-{code}"

    def box(self, what: str, code: str, label: str) -> None:
        """Show the control that accepts, or declines, a code."""
        st.checkbox(label, value=self.was(what, code), key=self.key(what, code))


def asked_of(view: View, upload: Upload, kind: str, source: str) -> Asked:
    """Return what the reader says of a file, with what was said of the delivery before it.

    Parameters
    ----------
    view
        Whose study.
    upload
        The file.
    kind, source
        What it holds, and whose it is.

    Returns
    -------
    Asked
        Under another name for another source, if that has been there before: what was said of it then holds.
    """
    before = remembered(view.desk.store, kind, source)
    if before == Word():
        return Asked(upload.stamp, before)
    return Asked(hashlib.sha256(f"{upload.stamp} {kind} {source}".encode()).hexdigest()[:16], before)


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


def show_findings(view: View, asked: Asked, look: Look) -> None:
    """Show what was noticed: proposals to accept, what was read without asking, and what the reader should know.

    Parameters
    ----------
    view
        Whose words.
    asked
        What the reader says of the file.
    look
        The file as it is read now.
    """
    _ = words(view.language)
    findings = look.diagnosis.findings if look.diagnosis else ()
    proposals = [each for each in findings if each.code and not each.harmless]
    every = ALL in asked.word.accept
    if asked.before != Word():
        st.caption(_("What was accepted and declined for the delivery before is ticked already."))
    if len(proposals) > 1 or every:
        st.checkbox(_("Accept every proposed fix"), key=f"intake-{asked.stamp}-all")
    for each in proposals:
        _propose(view, asked, each, every=every)
    show_readings(view, asked, findings)
    if not findings:
        st.write(_("Nothing stands out."))
    if look.refused is not None and not proposals:
        show_refusal(look.refused, view.language)
        _say_where(str(look.refused.told[2]), view)
    told = {say(each.sentence, view.language) for each in proposals}
    told |= {_("Accepted: {fix}.", fix=each.fix) for each in proposals if each.fix}
    others = [each for each in findings if each not in proposals and each.otherwise is None]
    rest = [each for each in others if say(each.sentence, view.language) not in told]
    if rest:
        with st.expander(_("Also noticed ({n})", n=len(rest)), expanded=len(rest) <= _SCREEN):
            st.markdown("\n".join(f"- {plain(_noticed(each, view))}" for each in rest))


def show_readings(view: View, asked: Asked, findings: Iterable[Finding], *, only: str = "") -> None:
    """Show what was read without asking, each with the box that has it read otherwise.

    Parameters
    ----------
    view
        Whose words.
    asked
        What the reader says of the file.
    findings
        What was noticed.
    only
        The one code to show; empty shows all but those about corrections, whose place is beside the import.
    """
    _ = words(view.language)
    made: dict[str, list[Finding]] = {}
    for each in findings:
        if each.otherwise is not None:
            made.setdefault(each.code, []).append(each)
    made |= {code: [] for code in asked.word.decline if code not in made and code != CORRECTED_BEFORE}
    codes = [code for code in made if (code == only if only else code != CORRECTED_BEFORE)]
    if not codes:
        return
    with st.container(border=True):
        st.markdown(f"**{_('Read without asking ({n})', n=len(codes))}**")
        for code in codes:
            with st.container(gap="xxsmall"):  # a box belongs to the sentence above it
                for each in made[code]:
                    sentence = each.sentence if each.accepted else each.sentence.values["told"]
                    st.markdown(plain(_noticed(replace(each, sentence=sentence), view)))
                label = _("Read it otherwise: {otherwise} ({code})", otherwise=otherwise(code), code=code)
                asked.box("decline", code, label)


def _noticed(finding: Finding, view: View) -> str:
    """Return a finding with its examples behind it."""
    _ = words(view.language)
    told = finding.sentence
    known = {"field": f"“{field_name(told.values['field'], _)}”"} if "field" in told.values else {}
    said = _(told.template, **{**told.values, **known})
    if not finding.examples:
        return said
    return _("{said} ({rows:row|rows} {rows})", said=said, rows=list(finding.examples))


def _propose(view: View, asked: Asked, finding: Finding, *, every: bool) -> None:
    _ = words(view.language)
    with st.container(border=True):
        st.markdown(f"**{plain(say(finding.sentence, view.language))}**")
        if finding.examples:
            st.caption(plain("; ".join(_("row {example}", example=each) for each in finding.examples)))
        label = _("Accept: {fix}", fix=finding.fix)
        if every:
            st.checkbox(label, value=True, disabled=True, key=asked.key("taken", finding.code))
        else:
            asked.box("accept", finding.code, label)


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
