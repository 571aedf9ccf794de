"""The gate of setup/test: nothing written is lost, no skip, warning or silent tour gets through."""

import json
import threading

import pytest

from lib.checks import lanes, odoo_log, written
from lib.checks.report import Report

LOG = """\
2026-01-02 03:04:05,678 1 INFO db odoo.addons.med_x.tests.test_a: Starting TestA.test_good ...
2026-01-02 03:04:05,678 1 INFO db odoo.addons.med_x.tests.test_a: Starting TestA.test_bad ...
2026-01-02 03:04:05,678 1 INFO db odoo.addons.med_x.tests.test_a: ======
2026-01-02 03:04:05,678 1 ERROR db odoo.addons.med_x.tests.test_a: FAIL: TestA.test_bad
Traceback (most recent call last):
AssertionError: 1 != 2
2026-01-02 03:04:05,678 1 ERROR db odoo.addons.med_x.tests.test_a: ERROR: \
Subtest TestA.test_sub (n=1)
2026-01-02 03:04:05,678 1 INFO db odoo.addons.med_x.tests.test_a: skipped TestA.test_off : no Chrome
2026-01-02 03:04:05,678 1 INFO db odoo.addons.med_x.tests.test_b.TestB.test_tour.browser: Evaluate \
test code "odoo.startTour('med_x_tour', {"stepDelay": 0})"
2026-01-02 03:04:05,678 1 WARNING db odoo.models: something odd
2026-01-02 03:04:05,678 1 ERROR db odoo.tests.result: 1 failed, 1 error(s) of 3 tests
"""
TESTS = """
class Shared(Base):
    def test_shared(self): ...
class TestA(Shared, HttpCase):
    def test_a(self): ...
    def helper(self): ...
"""


def test_a_log_tells_started_failed_skipped_toured_and_warned():
    found = odoo_log.read(LOG.splitlines())
    place = "med_x.tests.test_a:TestA"
    assert found.started == {f"{place}.test_good", f"{place}.test_bad"}
    assert set(found.failed) == {f"{place}.test_bad", f"{place}.test_sub"}
    assert "AssertionError: 1 != 2" in found.failed[f"{place}.test_bad"]
    assert found.skipped == {f"{place}.test_off": "no Chrome"}
    assert found.tours == {"med_x_tour"}
    assert found.warnings == ["WARNING odoo.models: something odd"]


def test_a_warning_passes_only_by_a_reasoned_line_for_its_section():
    allowed = odoo_log.parse_allowed("# why\naddons | odoo\\.models: some | known since 19.0\n")
    warned = ["WARNING odoo.models: something odd"]
    assert odoo_log.unexpected(warned, allowed, "addons") == []
    assert odoo_log.unexpected(warned, allowed, "faults") == warned


def test_an_allowed_warning_without_reason_is_refused():
    with pytest.raises(ValueError, match="line 1"):
        odoo_log.parse_allowed("addons | odoo")


def test_methods_of_a_shared_base_may_run_under_their_heirs_names(tmp_path):
    tests = tmp_path / "med_x" / "tests"
    tests.mkdir(parents=True)
    (tests / "test_a.py").write_text(TESTS)
    found = written.addon_tests(tmp_path / "med_x")
    place = "med_x.tests.test_a"
    assert found[f"{place}:TestA.test_a"] == {f"{place}:TestA.test_a"}
    assert found[f"{place}:Shared.test_shared"] == {
        f"{place}:Shared.test_shared", f"{place}:TestA.test_shared"}


def test_a_tour_is_found_by_its_registration(tmp_path):
    folder = tmp_path / "static" / "tests" / "tours"
    folder.mkdir(parents=True)
    (folder / "x.js").write_text('registry.category("web_tour.tours").add("med_x_tour", {});')
    assert written.addon_tours(tmp_path) == {"med_x_tour"}


def test_functions_and_methods_for_pytest_are_counted(tmp_path):
    (tmp_path / "test_x.py").write_text(
        "def test_f(): ...\ndef helper(): ...\nclass TestC:\n    def test_m(self): ...\n")
    assert written.pytest_tests(tmp_path) == {"test_x:test_f", "test_x:TestC.test_m"}


@pytest.mark.parametrize("happen", [
    lambda report: report.fail("one"), lambda report: report.skip("one"),
    lambda report: report.compare("some", {"written"}, set()),
    lambda report: report.check("lint", ["a fault"])])
def test_one_failure_skip_or_lost_test_fails_the_whole(happen, capsys):
    report = Report()
    report.ok(5)
    happen(report)
    assert report.close() == 1
    assert capsys.readouterr().out.splitlines()[-1] in (
        "5 passed, 1 failed, 0 skipped", "5 passed, 0 failed, 1 skipped")


def test_all_passed_is_success_and_nothing_run_is_not(capsys):
    report = Report()
    assert report.close() == 1
    report.ok()
    assert report.close() == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 0 failed, 0 skipped"


def test_files_are_dealt_into_shares_of_about_the_same_weight_and_none_is_lost():
    weights = {"a": 9, "b": 5, "c": 4, "d": 1, "e": 1}
    assert lanes.deal(weights, 2) == [["a", "d"], ["b", "c", "e"]]
    assert lanes.deal({"a": 0}, 4) == [["a"]]
    assert lanes.deal({}, 3) == [[]]


def test_a_file_weighs_what_it_took_and_a_new_one_what_its_tests_take_elsewhere(
        tmp_path, monkeypatch):
    monkeypatch.setattr(lanes, "KNOWN", tmp_path / "known.json")
    monkeypatch.setattr(lanes, "TAKEN", tmp_path / "taken.json")
    lanes.KNOWN.write_text('{"a": 30.0, "gone": 99.0}')
    assert lanes.weights({"a": 10, "new": 2}) == {"a": 30.0, "new": 6.0}
    assert lanes.weights({"new": 2}) == {"new": 2}
    lanes.keep({"a": 1.26})
    lanes.keep({"new": 2})
    assert json.loads(lanes.TAKEN.read_text()) == {"a": 1.3, "new": 2}


def test_shares_run_side_by_side_and_answer_in_order():
    both = threading.Barrier(2, timeout=30)

    def work(number, share):
        both.wait()  # passes only when two are here at once
        return number, share

    assert lanes.side_by_side(work, ["x", "y"]) == [(1, "x"), (2, "y")]


def test_logs_of_several_lanes_add_up():
    found = odoo_log.read(LOG.splitlines())
    found.add(odoo_log.Findings(started={"more"}, warnings=["WARNING x: y"]))
    assert "more" in found.started and len(found.started) == 3
    assert found.warnings == ["WARNING odoo.models: something odd", "WARNING x: y"]
