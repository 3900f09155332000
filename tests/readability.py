"""How hard a text is to read: the Flesch reading ease and the grade of Flesch and Kincaid.

textstat would do, but since 0.7.5 it downloads a dictionary when it first counts a syllable, and
nothing here is tested with a network. These are two formulas and a count of syllables.
"""

import re

_WORD = re.compile(r"\d[\d.,]*%?|[A-Za-z][A-Za-z'\u2019-]*")


def syllables(word):
    """Count the syllables of an English word, a digit as one; hyphens part words.

    >>> [syllables(word) for word in ("cat", "proposed", "people", "agreement", "25%")]
    [1, 2, 2, 3, 2]
    """
    if word[0].isdigit():
        return sum(char.isdigit() for char in word)
    return sum(_plain(part) for part in re.split(r"[-'\u2019]", word.lower()) if len(part) > 1) or 1


def _plain(word):
    groups = len(re.findall(r"[aeiouy]+", word))
    groups += len(re.findall(r"i[ao](?!u)|(?<=[^qg])u[ao]|eo(?!ple)", word))
    groups += len(re.findall(r"[aeiouy]ing", word))
    groups -= len(re.findall(r"(?<=[tscl])i(?:on|al|an)|(?<=[aeiouy][gtvk])e(?=ment|ful|ly)", word))
    if re.search(r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouytdl]ed$|[aeiouy]led$|[^aeiouscxzh]es$", word):
        groups -= 1
    return max(groups, 1)


def flesch(text):
    """Return reading ease (60 and more is plain English) and grade (years of school).

    Published in Flesch (1948), "A new readability yardstick", Journal of Applied Psychology 32,
    221-233, and Kincaid and others (1975), Research Branch Report 8-75, Naval Air Station Memphis.
    """
    sentences = [part for part in re.split(r"[.!?](?=\s|$)", text) if _WORD.search(part)]
    words = _WORD.findall(text)
    long = len(words) / len(sentences)
    hard = sum(map(syllables, words)) / len(words)
    return 206.835 - 1.015 * long - 84.6 * hard, 0.39 * long + 11.8 * hard - 15.59
