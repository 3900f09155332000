"""A phrase is what stands in a statement, and several statements of a cell make one coding."""

from positions.exchange import statements
from positions.exchange.imported import Carried, Place
from positions.exchange.mapping import Declared, read_declarations
from positions.exchange.statements import Phrase, Stated, cut, settle


def phrase(text, start, end, chosen=""):
    declared = Declared()
    if chosen:
        declared.phrases["letter", text[start:end]] = chosen
    return cut(text, start, end, "letter", declared)


def test_white_space_at_the_ends_is_left_out_and_inside_is_folded():
    text = "We say: \n support   the\nplan  now"
    found = phrase(text, 7, 29)
    assert found == Phrase("support the plan", 10, 28)
    assert text[found.start : found.end] == "support   the\nplan"


def test_a_phrase_of_25_words_is_taken_and_one_of_26_is_not_cut():
    text = " ".join(["word"] * 26)
    assert isinstance(phrase(text, 0, len(text) - 5), Phrase)
    assert phrase(text, 0, len(text)) == (
        "it has 26 words, 129 characters; at most 25 and 500 may be quoted"
    )


def test_the_words_chosen_must_stand_in_the_statement_once():
    text = "no plan. " + "word " * 30 + "a good plan"
    assert phrase(text, 9, len(text), "a good  plan") == Phrase("a good plan", 159, 170)
    assert (
        phrase(text, 9, len(text), "word") == "the phrase chosen stands 30 times in the statement"
    )
    assert (
        phrase(text, 9, len(text), "no plan") == "the phrase chosen stands nowhere in the statement"
    )


def test_places_that_are_none_say_so():
    assert phrase("abc", 2, 2) == "it stands at 2-2, in a text of 3 characters"
    assert phrase("abc", 0, 4) == "it stands at 0-4, in a text of 3 characters"
    assert phrase("a  b", 1, 3) == "it holds only white space"


def stated(stance, words, at, number):
    found = words if words.startswith("it has") else Phrase(words, at, at + len(words))
    return Stated(("lga", "toll", "letter", "ann"), stance, Place("x.dna", number), "Letter",
                  f"whole {words}", found, at)  # fmt: skip


def settled(*group):
    carried = Carried()
    found = settle(group, carried)
    return [one.phrase.quote for one in found], [
        (p.line, p.value, p.message, p.source, p.statement) for p in carried.lost
    ]


def test_each_statement_that_can_be_quoted_carries_a_coding_and_the_others_are_listed_whole():
    quotes, lost = settled(
        stated("1", "later", 90, 1), stated("-2", "first", 20, 2), stated("1", "it has 40", 5, 3)
    )
    assert quotes == ["first", "later"]
    assert lost == [(3, "whole it has 40", "it has 40", "Letter", "whole it has 40")]


def test_of_statements_in_one_place_the_first_carries_and_a_yes_and_a_no_carry_nothing():
    quotes, lost = settled(stated("1", "we back it", 9, 1), stated("+1", "we back", 9, 2))
    assert quotes == ["we back it"]
    why = "an earlier statement says the same, and carries the coding"
    assert [row[:3] for row in lost] == [(2, "we back", why)]
    quotes, lost = settled(stated("1", "we back it", 9, 1), stated("-2", "we back it", 9, 2))
    assert quotes == []
    why = "the coder has several stances on this in the same place: -2, 1"
    assert [row[:3] for row in lost] == [
        (1, "lga / toll: 1", why), (2, "lga / toll: -2", why)]  # fmt: skip


def test_phrases_are_chosen_by_source_and_statement_and_those_that_match_nothing_are_named():
    listed = (
        "where,source,column,what,why,fix,quote\n"
        'x.dna:4,"The  letter",quote,"A long\nstatement, of many words",,,of many\n'
        "x.dna:5,The letter,quote,Not chosen,,,\n"
        "x.dna:6,The letter,quote,Gone from the file,,,Gone\n"
    )
    declared = read_declarations({}, {"lost.csv": listed.encode()})
    assert declared.problems == []
    assert declared.chosen("The letter", "A long statement,  of many words") == "of many"
    assert declared.chosen("Speech", "A long statement, of many words") == ""
    (unused,) = declared.unused()
    assert unused.value == "Gone"
    assert unused.message == (
        "no long statement of 'The letter' in the file begins «Gone from the file»"
    )


def test_the_opening_of_a_statement_is_enough_to_know_it_by():
    assert (
        statements.opening("one two three four five six seven") == "one two three four five six …"
    )
    assert statements.opening("one two") == "one two"
