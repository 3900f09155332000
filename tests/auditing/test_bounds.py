"""How many codes can be wrong: exact, against fractions worked by hand and by counting."""

import fractions
import math

import pytest

from positions.auditing.bounds import clean_checks, most_wrong


def unseen(codes, wrong, checked, found):
    """The probability that so few of the wrong are found, by counting the draws."""
    draws = sum(
        math.comb(wrong, k) * math.comb(codes - wrong, checked - k) for k in range(found + 1)
    )
    return fractions.Fraction(draws, math.comb(codes, checked))


def test_four_clean_checks_of_eleven_exclude_five_wrong_codes():
    assert fractions.Fraction(math.comb(6, 4), math.comb(11, 4)) == fractions.Fraction(15, 330)
    assert most_wrong(11, 4, 0, 0.05) == 4
    assert most_wrong(11, 4, 0, 0.045) == 5  # 15 of 330 is just above
    assert clean_checks(11, 4) == 4
    assert clean_checks(11, 3) > 4


def test_forty_clean_checks_of_89_exclude_that_more_than_5_percent_are_wrong():
    assert clean_checks(89, math.floor(0.05 * 89)) == 40
    assert clean_checks(89, math.floor(0.10 * 89)) == 25
    assert most_wrong(89, 40, 1) == 8


@pytest.mark.parametrize("codes", [1, 2, 5, 9, 12])
@pytest.mark.parametrize("alpha", ["0.05", "0.2"])
def test_the_most_that_can_be_wrong_is_that_of_counting_every_draw(codes, alpha):
    least = fractions.Fraction(alpha)
    for checked in range(codes + 1):
        for found in range(checked + 1):
            possible = range(found, codes - checked + found + 1)
            counted = max(w for w in possible if unseen(codes, w, checked, found) >= least)
            assert most_wrong(codes, checked, found, float(alpha)) == counted


def test_nothing_checked_excludes_nothing_and_everything_checked_says_it_all():
    assert (most_wrong(7, 0, 0), most_wrong(7, 7, 2), most_wrong(0, 0, 0)) == (7, 2, 0)


def test_more_wrong_than_checked_cannot_be():
    with pytest.raises(ValueError, match="3 wrong of 2 checked of 9 codes cannot be"):
        most_wrong(9, 2, 3)


@pytest.mark.parametrize(("codes", "checked"), [(11, 4), (30, 10), (89, 10), (89, 40), (89, 80)])
def test_however_many_are_wrong_the_most_is_too_small_in_5_of_100_draws_and_fewer(codes, checked):
    for wrong in range(codes + 1):
        least, most = max(0, wrong + checked - codes), min(wrong, checked)
        short = sum(
            math.comb(wrong, k) * math.comb(codes - wrong, checked - k)
            for k in range(least, most + 1)
            if most_wrong(codes, checked, k) < wrong
        )
        assert fractions.Fraction(short, math.comb(codes, checked)) <= fractions.Fraction(5, 100)
