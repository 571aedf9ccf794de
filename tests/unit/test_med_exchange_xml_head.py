"""A document type is seen before it does anything, in any encoding, and nowhere else."""

import pytest
from odoo.addons.med_exchange.tools.xml_head import has_document_type

requirement = "V8 XML bombs"

CALL = "<methodCall><methodName>x</methodName></methodCall>"
FAR = " " * 200_000  # further in than one step of reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
@pytest.mark.parametrize("kind", [
    "<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY b "c">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
    '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://x/"> %b;]>', f"<!-- a -->{FAR}<!DOCTYPE a []>"])
def test_a_document_type_is_seen(kind, encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?>{kind}{CALL}'
    assert has_document_type(text.encode(encoding))


@pytest.mark.parametrize("text", [
    CALL, f'<?xml version="1.0"?>{FAR}{CALL}', CALL.replace("x", "&lt;!DOCTYPE a&gt;"),
    CALL.replace("x", "<![CDATA[<!DOCTYPE a>]]>"), f"<!-- <!DOCTYPE a> -->{CALL}", "", "no XML",
    "<", "\0", f"<a>{'<b>' * 100_000}"])
def test_nothing_else_is_taken_for_one(text):
    assert not has_document_type(text.encode())
