"""`med.udi` as another program sees it: plain types, separators kept, one sentence when wrong.

One table of cases, each over XML-RPC and JSON-2.
"""

import pytest
from plain import assert_plain

from lib.rpc import RpcError

requirement = "T9 FDA-830 CN-UDI-2"

GTIN = "09506000134352"

CODES = {  # code: what must be in the answer
    "01" + GTIN + "17290131" "10LOT\u241d21SER": {
        "issuer": "gs1", "device_identifier": GTIN, "lot": "LOT", "serial": "SER",
        "expiration_date": "2029-01-31", "warnings": [],
        "code": "01" + GTIN + "17290131" "10LOT\u241d21SER",
        "hri": f"(01){GTIN}(17)290131(10)LOT(21)SER"},
    f"(01){GTIN}(10)A&<B": {"issuer": "gs1", "lot": "A&<B"},
    "+X999123ABC0/$$05191234AB/S5678EDFG/16D20151001A": {
        "issuer": "hibcc", "device_identifier": "X999123ABC0", "lot": "1234AB",
        "serial": "5678EDFG", "manufacturing_date": "2015-10-01"},
    "=/A9999XYZ100T0944=,000025=A99971312345600=>014032=}013032&,1000000000000XYZ123": {
        "issuer": "iccbba", "donation": "A99971312345600", "expiration_date": "2014-02-01"},
    "MA.156.M0.100472.11103316.S1576130942.P190101.LABS20191201.E191201": {
        "issuer": "ma", "device_identifier": "MA.156.M0.100472.11103316",
        "lot": "ABS20191201", "manufacturing_date": "2019-01-01"},
}


@pytest.mark.parametrize("code", CODES)
def test_code_of_every_issuer_is_read_and_written_again(code, rpc):
    speak = rpc("viewer").call
    answer = speak("med.udi", "parse", code=code)
    assert_plain(answer)
    assert answer["version"] == 1
    assert {key: answer[key] for key in CODES[code]} == CODES[code]
    elements = {element["key"]: element["text"] for element in answer["elements"]}
    written = speak("med.udi", "build", issuer=answer["issuer"], elements=elements)
    assert_plain(written)
    assert written == {"version": 1, "code": answer["code"], "hri": answer["hri"]}


def test_lost_separator_is_told_and_nothing_is_guessed(rpc):
    answer = rpc("viewer").call("med.udi", "parse", code="01" + GTIN + "10LOT21SER")
    assert_plain(answer)
    assert (answer["lot"], answer["serial"]) == ("LOT21SER", "")
    [warning] = answer["warnings"]
    assert (warning["code"], warning["element"], warning["hidden"]) == (
        "separator_lost", "10", ["21"])


@pytest.mark.parametrize("role", ["nobody", "system_admin", "portal_processor", "portal_dealer"])
def test_user_without_rights_is_refused(role, rpc, refused):
    for method, arguments in (("parse", {"code": "01" + GTIN}),
                              ("build", {"issuer": "gs1", "elements": {"01": GTIN}})):
        with refused("access"):
            rpc(role).call("med.udi", method, **arguments)


BAD = {
    "no code": ("parse", {"code": ""}),
    "a number": ("parse", {"code": 5}),
    "a list": ("parse", {"code": ["01"]}),
    "wrong check digit": ("parse", {"code": "0109506000134353"}),
    "shipping container": ("parse", {"code": "00123456789012345675"}),
    "day that does not exist": ("parse", {"code": "01" + GTIN + "17290230"}),
    "a million characters": ("parse", {"code": "1" * 1_000_000}),
    "other script": ("parse", {"code": "（01）" + GTIN}),
    "no issuer": ("build", {"issuer": "ean", "elements": {"01": GTIN}}),
    "issuer of wrong type": ("build", {"issuer": ["gs1"], "elements": {"01": GTIN}}),
    "elements of wrong type": ("build", {"issuer": "gs1", "elements": [["01", GTIN]]}),
    "element of wrong type": ("build", {"issuer": "gs1", "elements": {"01": 5}}),
    "no elements": ("build", {"issuer": "gs1", "elements": {}}),
    "unknown element": ("build", {"issuer": "gs1", "elements": {"01": GTIN, "999": "x"}}),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_argument_is_answered_in_one_sentence(case, rpc, refused):
    method, arguments = BAD[case]
    with refused("user") as caught:
        rpc("viewer").call("med.udi", method, **arguments)
    message = caught.value.message
    assert message and "Traceback" not in message and "\n" not in message


@pytest.mark.parametrize("method", ["_med_parse", "_med_plain", "_med_letters"])
def test_inner_methods_are_out_of_reach(method, rpc):
    with pytest.raises(RpcError):
        rpc("admin").call("med.udi", method)
