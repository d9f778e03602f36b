"""What every column means and how every sentence is said, in Danish and in English."""

from hotspot.glossary.terms import Term, term, terms
from hotspot.glossary.words import LANGUAGES, Language, Words, amount, catalogue, say, words

__all__ = ["LANGUAGES", "Language", "Term", "Words", "amount", "catalogue", "say", "term", "terms", "words"]
