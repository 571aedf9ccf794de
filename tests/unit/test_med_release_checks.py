from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.med_release.tools import checks

requirement = "ISO-8.2.6 R3"
WORDS = {"ok": "fine", "note": "note", "excepted": "exception", "missing": "missing"}
STATES = st.sampled_from([checks.MISSING, checks.EXCEPTED, checks.NOTE])
ITEMS = st.lists(st.builds(checks.item, STATES, st.text(max_size=5), exception=st.sampled_from(
    ["", "DEV-1"])), max_size=120)


def test_an_exception_that_names_no_approval_is_missing():
    assert checks.item(checks.EXCEPTED, "Scratches")["state"] == checks.MISSING
    assert checks.item(checks.EXCEPTED, "Scratches", exception="DEV-1")["state"] == checks.EXCEPTED


def test_what_is_missing_comes_first_and_leads_to_where_it_is_mended():
    row = checks.row("labels", "Labels", "fine", [
        checks.item(checks.NOTE, "n", "a", 1), checks.item(checks.MISSING, "m", "b", 2)])
    assert (row["state"], row["model"], row["res_id"]) == ("missing", "b", 2)
    assert [one["text"] for one in row["items"]] == ["m", "n"]


def test_a_note_alone_leaves_a_check_fine():
    assert checks.row("x", "X", "fine", [checks.item(checks.NOTE, "n")])["state"] == checks.OK


@given(ITEMS)
def test_a_check_is_fine_only_when_nothing_is_missing_however_long_the_list(items):
    row = checks.row("x", "X", "fine", items)
    states = {one["state"] for one in items}
    assert (row["state"] == checks.MISSING) == (checks.MISSING in states)
    assert len(row["items"]) + row["more"] == len(items)
    assert checks.missing([row], most=1000) == [
        ("X", one["text"]) for one in row["items"] if one["state"] == checks.MISSING]


@given(ITEMS, ITEMS)
def test_the_digest_tells_what_is_not_shown(left, right):
    one, other = (checks.row("x", "X", "fine", items) for items in (left, right))
    ordered = [sorted(map(str, items)) for items in (left, right)]
    if ordered[0] != ordered[1]:
        assert checks.digest([one]) != checks.digest([other])


def test_the_digest_tells_what_was_looked_at_and_nothing_has_none():
    assert checks.digest([checks.row("x", "X", "fine", [], [1])]) != checks.digest(
        [checks.row("x", "X", "fine", [], [2])])
    assert checks.digest([]) == ""


def test_the_signer_reads_every_check_the_worst_first():
    rows = [checks.row("a", "A", "fine"), checks.row("b", "B", "fine", [
        checks.item(checks.EXCEPTED, "Scratches", exception="DEV-1")]),
        checks.row("c", "C", "fine", [checks.item(checks.MISSING, f"m{n}") for n in range(60)])]
    lines = checks.text(rows, WORDS).split("\n")
    assert lines[0] == "C: missing. fine"
    assert "  - … 50" in lines
    assert "  - exception: Scratches (DEV-1)" in lines
    assert lines[-1] == "A: fine. fine"


def test_the_count_includes_what_is_not_listed():
    rows = [checks.row("c", "C", "fine", [checks.item(checks.MISSING, str(n)) for n in range(60)])]
    rows.append(checks.row("d", "D", "fine", [
        *(checks.item(checks.NOTE, str(n)) for n in range(70)), checks.item(checks.MISSING, "x")]))
    assert (checks.count(rows, checks.MISSING), checks.count(rows, checks.NOTE)) == (61, 70)
    assert len(rows[0]["items"]) == checks.SHOWN
