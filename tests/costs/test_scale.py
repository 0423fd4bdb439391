import numpy as np
import pytest

from interlocal.costs.scale import GENERAL_SD, GENERAL_SLOPE, published


def test_water_takes_the_elasticity_of_shih_2006():
    assert published("water").slope == pytest.approx(-0.16)


def test_tax_administration_falls_up_to_the_size_of_niaounakis_and_blank_2017():
    belief = published("tax_collection")
    assert belief.smallest_efficient == 60_000
    assert belief.slope == pytest.approx(np.log(0.85) / np.log(6))


def test_police_is_flat_from_the_size_found_in_ontario():
    belief = published("police")
    assert (belief.slope, belief.smallest_efficient, belief.mark) == (GENERAL_SLOPE, 50_000, "J")


def test_what_nobody_published_is_judgement_and_says_so():
    belief = published("dispatch")
    assert (belief.slope, belief.sd, belief.smallest_efficient) == (GENERAL_SLOPE, GENERAL_SD, None)
    assert "no figure was found" in belief.source
    assert belief.mark == "J"
