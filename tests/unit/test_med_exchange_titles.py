"""Fields of a message are named as the data map names them."""

import pytest
from odoo.addons.med_exchange.tools.titles import general, label

requirement = "X1 X3"

TITLES = {"/lots": "Lots", "/lots/-": "Lot row", "/lots/-/lot": "Lot", "/email": "E-mail"}


@pytest.mark.parametrize(("pointer", "expected"), [
    ("/email", "E-mail"), ("/lots/0/lot", "Lots 1 › Lot"), ("/lots/11", "Lots 12"),
    ("/strange", "strange"), ("/a~1b/0", "a/b 1"), ("", ""), ("/0", "1"),
])
def test_a_pointer_is_told_by_titles(pointer, expected):
    assert label(pointer, TITLES) == expected


def test_rows_of_a_list_are_one_in_the_data_map():
    assert general("/lots/12/used/0/lot") == "/lots/-/used/-/lot"
    assert general("") == ""
