"""Every sentence that a reader may see, found in the source.

Found are the literals given to ``N_``, ``_``, ``words(language)(…)``, ``Told`` and the error tree, also where
they stand under a name of their module (``TITLE = "…"``). Run as a program it updates the catalogues: English
is the message itself, Danish is written by people.
"""

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "hotspot"
LOCALE = PACKAGE / "glossary" / "locale"
LANGUAGES = ("da", "en")
MARKS = {"N_", "_", "Told", "gettext"}
PARTS = ("rule", "found", "fix")
HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


class Sentence(NamedTuple):
    """A message and where it is said."""

    text: str
    path: str
    line: int


class Unreadable(NamedTuple):
    """A sentence built where it is said, so that nobody can translate it."""

    path: str
    line: int


def errors() -> set[str]:
    """Names of the error tree, from its module."""
    module = ast.parse((PACKAGE / "errors.py").read_text("utf-8"))
    return {node.name for node in module.body if isinstance(node, ast.ClassDef) and node.name.endswith("Error")}


def constants(module: ast.Module) -> dict[str, str]:
    """Strings that stand under a name at the top of a module."""
    found = {}
    for node in module.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            found |= {target.id: value.value for target in targets if isinstance(target, ast.Name)}
    return found


def arguments(call: ast.Call, tree: set[str]) -> list[ast.expr]:
    """The arguments of a call that are sentences."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name in tree:
        named = [each.value for each in call.keywords if each.arg in PARTS[len(call.args) :]]
        return [*call.args[: len(PARTS)], *named]
    says = isinstance(call.func, ast.Call) and getattr(call.func.func, "id", "") == "words"
    if name in MARKS or says:
        return call.args[:1] + [each.value for each in call.keywords if each.arg == "template" and not call.args]
    return []


def sentences(path: Path, tree: set[str]) -> Iterator[Sentence | Unreadable]:
    """Every sentence that a module says."""
    module = ast.parse(path.read_text("utf-8"), str(path))
    known, where = constants(module), path.relative_to(ROOT).as_posix()
    for call in ast.walk(module):
        if not isinstance(call, ast.Call):
            continue
        for argument in arguments(call, tree):
            for each in choices(argument):
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield Sentence(each.value, where, each.lineno)
                elif isinstance(each, ast.Name) and each.id in known:
                    yield Sentence(known[each.id], where, each.lineno)
                elif isinstance(each, ast.JoinedStr | ast.BinOp):
                    yield Unreadable(where, each.lineno)


def choices(argument: ast.expr) -> list[ast.expr]:
    """What an argument may turn out to be: both branches of a condition."""
    if isinstance(argument, ast.IfExp):
        return [*choices(argument.body), *choices(argument.orelse)]
    return [argument]


def said() -> tuple[dict[str, list[Sentence]], list[Unreadable]]:
    """All messages of the package with their places, and the sentences that nobody can translate."""
    tree, found, unreadable = errors(), {}, []
    for path in sorted(PACKAGE.rglob("*.py")):
        if {"node_modules", "_packaged"} & set(path.parts):
            continue
        for each in sentences(path, tree):
            if isinstance(each, Unreadable):
                unreadable.append(each)
            elif worded(each.text):
                found.setdefault(each.text, []).append(each)
    return found, unreadable


def worded(text: str) -> bool:
    """Whether a template holds a word of its own, besides its values; words that follow a number are its own."""
    parts = list(string.Formatter().parse(text))
    return any("|" in (spec or "") or any(map(str.isalpha, literal)) for literal, _, spec, _ in parts)


def catalogue_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "hotspot.po"


def catalogue(language: str) -> Catalog:
    with catalogue_path(language).open("rb") as file:
        return read_po(file, locale=language)


def fields(text: str) -> set[str]:
    """The names that a template asks for: ``{n:.1f}`` asks for n."""
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def update(language: str) -> tuple[int, int]:
    """Write a catalogue anew: messages of today, translations kept, English filled in.

    Returns
    -------
    tuple
        How many messages there are, and how many still want a translation.
    """
    before, found = catalogue(language), said()[0]
    after = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for text in sorted(found, key=lambda each: (found[each][0].path, found[each][0].line, each)):
        kept = before.get(text)
        translation = str(kept.string) if kept is not None and kept.string else ""
        after.add(
            text,
            text if language == "en" else translation,
            locations=[(path, 0) for path in sorted({each.path for each in found[text]})],
        )
    waiting = sum(not message.string for message in after if message.id)
    with catalogue_path(language).open("wb") as file:
        file.write(HEADER.format(language=language).encode())
        write_po(file, after, width=110, include_lineno=False, omit_header=True, ignore_obsolete=True)
    return len(found), waiting


if __name__ == "__main__":
    for each in LANGUAGES:
        total, waiting = update(each)
        print(f"{each}: {total} messages, {waiting} to translate")  # noqa: T201 - that is its task
