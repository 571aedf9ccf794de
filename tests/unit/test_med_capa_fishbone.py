"""The Ishikawa diagram: everything stands on the paper, nothing is lost, nothing is markup."""

from xml.etree import ElementTree

import pytest
from odoo.addons.med_capa.tools.fishbone import WIDTH, draw, layout, wrap

NAMES = ("People", "Machine", "Material", "Method", "Measurement", "Environment")


@pytest.mark.parametrize("most", [0, 1, 3, 12])
def test_every_cause_stands_on_its_bone_within_the_paper(most):
    told = layout("Seals open", [(name, [f"{name} {one}" for one in range(most)])
                                 for name in NAMES])
    assert sum(line[4] == "cause" for line in told["lines"]) == 6 * most
    for x1, y1, x2, y2, _kind in told["lines"]:
        assert 0 <= min(x1, x2) and max(x1, x2) <= WIDTH
        assert 0 <= min(y1, y2) and max(y1, y2) <= told["height"]
    for x, y, wide, high, _kind in told["boxes"]:
        assert 0 <= x and x + wide <= WIDTH
        assert 0 <= y and y + high <= told["height"]
    assert {text[4] for text in told["texts"]} == {
        "Seals open", *NAMES, *(f"{name} {one}" for name in NAMES for one in range(most))}


def test_causes_of_one_bone_do_not_overlap():
    rows = [row for row in layout("x", [("People", ["a " * 40] * 5)])["texts"] if row[3] == "cause"]
    heights = sorted(row[1] for row in rows)
    assert len(heights) == 10
    assert min(after - before for before, after in zip(heights, heights[1:], strict=False)) >= 15


@pytest.mark.parametrize(("text", "rows"), [
    ("short", ["short"]), ("", [""]), ("one two three", ["one two", "three"]),
    ("one two three four five", ["one two", "three fou…"]), ("abcdefghijklmn", ["abcdefghi…"]),
    ("封口温度过低且无人发现", ["封口温度过", "低且无人…"]),
])
def test_text_is_broken_between_words_or_chinese_letters_and_cut_at_the_end(text, rows):
    found = wrap(text, 10)
    assert [row for row in found if row] == [row for row in rows if row]


def test_the_svg_is_sound_and_escapes_what_people_write():
    root = ElementTree.fromstring(draw(layout("<b>&", [("People", ["<script>1</script>"])])))
    texts = [node.text for node in root.iter() if node.tag.endswith("text")]
    assert {"<b>&", "People", "<script>1</script>"} <= set(texts)
    assert not [node for node in root.iter() if node.tag.endswith("script")]
