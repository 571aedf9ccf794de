"""Regulator files: cells, XML, sheets, schemas and answers, without Odoo."""

import io
import zipfile
from datetime import date

import pytest
from lxml import etree
from odoo.addons.med_udi_file.tools import answer, mapping, pack, safe_xml, schema, sheets, tree

NS = {None: "urn:top", "b": "urn:b"}
XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
# A schema of this test's own: not the schema of any regulator.
OWN = f"""<xs:schema {XS} targetNamespace="urn:top" elementFormDefault="qualified">
<xs:element name="file"><xs:complexType><xs:sequence>
<xs:element name="device" maxOccurs="unbounded"><xs:complexType><xs:sequence>
<xs:element name="di" type="xs:string"/><xs:element name="count" type="xs:positiveInteger"/>
</xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
</xs:schema>""".encode()
BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;">]><a x="&c;">&c;</a>"""
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


def zipped(**files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/") + ".xsd", content)
    return stream.getvalue()


def places(*rows):
    return [mapping.Field(number, **row) for number, row in enumerate(rows)]


# ---------------------------------------------------------------------- cells


def test_what_is_not_known_is_missing_and_never_no():
    place = mapping.Field(1, "a", "x", required=True)
    for unknown in (None, "", ()):
        assert mapping.fill(place, unknown) == mapping.Lack(place, 0, "missing")
    assert mapping.fill(place, False).text == "false"
    assert mapping.fill(place, 0).text == "0"


def test_a_value_without_a_code_is_not_written_as_it_is():
    place = mapping.Field(1, "a", "x", codes={"gs1": "GS1", "yes": "Y"})
    assert mapping.fill(place, "gs1").text == "GS1"
    assert mapping.fill(place, True).text == "Y"
    assert mapping.fill(place, "ma") == mapping.Lack(place, 0, "code", "ma")
    assert mapping.fill(place, False).code == "code"


def test_lengths_and_characters_are_checked():
    assert mapping.fill(mapping.Field(1, "a", max_length=3), "四个汉字").code == "long"
    assert mapping.fill(mapping.Field(1, "a", max_length=4), "四个汉字").text == "四个汉字"
    assert mapping.fill(mapping.Field(1, "a"), "a\x00b").code == "characters"


def test_values_are_written_as_the_form_writes_them():
    words = mapping.Words("是", "否", ",", "%Y%m%d")
    assert mapping.fill(mapping.Field(1, "a"), True, words=words).text == "是"
    assert mapping.fill(mapping.Field(1, "a"), date(2026, 1, 31), words=words).text == "20260131"
    assert mapping.fill(mapping.Field(1, "a"), ("x", 2.50, 3), words=words).text == "x,2.5,3"


def test_a_group_is_written_item_by_item():
    rows = places({"path": "p*/n", "each": "packages"}, {"path": "p*/q", "each": "packages"},
                  {"path": "z"})
    cells, lacks = mapping.lay_out(rows, {2: "end"}, {"packages": [{0: "A", 1: 1}, {0: "B", 1: 2}]})
    assert [(cell.index, cell.text) for cell in cells] == [
        (0, "A"), (0, "1"), (1, "B"), (1, "2"), (0, "end")]
    assert not lacks


# ---------------------------------------------------------------------- XML


def test_paths_that_cannot_be_read_are_refused():
    for path in ("", "/a", "a//b", "x:a", "a b", "@a/b", "a/@b*", "1a", "a[1]"):
        with pytest.raises(tree.PathError):
            tree.read_path(path, NS)
    with pytest.raises(tree.PathError):
        tree.read_namespaces("nothing")
    assert tree.read_namespaces("a=urn:a\n =urn:b ") == {"a": "urn:a", None: "urn:b"}


def test_elements_are_reused_repeated_and_kept_apart():
    rows = places({"path": "@kind", "constant": "K"}, {"path": "id/b:no"},
                  {"path": "id/b:by", "constant": "GS1"},
                  {"path": "pack*/no", "each": "packages"}, {"path": "mark#a/@v"},
                  {"path": "mark#b/@v"})
    cells, _lacks = mapping.lay_out(rows, {1: "1", 4: "A", 5: "B"},
                                    {"packages": [{3: "P1"}, {3: "P2"}]})
    data = tree.make_document("file", NS, ([], []), "all/device", [cells, cells], ([], rows))
    top = etree.fromstring(data)
    assert [etree.QName(one).localname for one in top] == ["all"]
    first, second = top[0]
    assert etree.tostring(first, with_tail=False) == etree.tostring(second, with_tail=False)
    assert first.get("kind") == "K"
    assert [etree.QName(one).localname for one in first] == ["id", "pack", "pack", "mark", "mark"]
    assert [one.text for one in first[0]] == ["1", "GS1"]
    assert first[0][0].tag == "{urn:b}no"


def test_an_element_of_nothing_but_constants_is_not_written():
    rows = places({"path": "names/name/lang", "constant": "ANY"}, {"path": "names/name/text"},
                  {"path": "op", "constant": "POST"})
    cells, _lacks = mapping.lay_out(rows, {}, {})
    data = tree.make_document("file", NS, ([], []), "", [cells], ([], rows))
    assert [etree.QName(one).localname for one in etree.fromstring(data)] == ["op"]


def test_text_is_data_and_never_markup():
    rows = places({"path": "name"})
    cells, _lacks = mapping.lay_out(rows, {0: "<a>&amp;]]></a>"}, {})
    data = tree.make_document("file", NS, ([], []), "", [cells], ([], rows))
    assert etree.fromstring(data)[0].text == "<a>&amp;]]></a>"
    assert len(etree.fromstring(data)[0]) == 0


# ---------------------------------------------------------------------- sheets


def test_sheets_have_a_row_a_device_and_a_row_a_package():
    rows = places({"path": "器械!标识"}, {"path": "器械!名称"},
                  {"path": "包装!标识", "each": "packages"})
    entries = [mapping.lay_out(rows, {0: "1", 1: "泵"}, {"packages": [{2: "P1"}, {2: "P2"}]})[0],
               mapping.lay_out(rows, {0: "2"}, {})[0]]
    first, second = sheets.lay_sheets(rows, entries)
    assert (first.title, first.heads, first.rows) == (
        "器械", ("标识", "名称"), (("1", "泵"), ("2", "")))
    assert second.rows == (("P1",), ("P2",))


# ---------------------------------------------------------------------- schemas


def test_faults_are_named_by_line_entry_and_place():
    compiled = schema.load(OWN)
    rows = places({"path": "di"}, {"path": "count"})

    def document(*counts):
        return tree.make_document("file", NS, ([], []), "device", [
            mapping.lay_out(rows, {0: "x", 1: count}, {})[0] for count in counts], ([], rows))

    assert schema.faults(compiled, document(1, 2)) == []
    bad = document(1, "many")
    [fault, *_more] = schema.faults(compiled, bad)
    assert bad.splitlines()[fault.line - 1].strip() == b"<count>many</count>"
    assert tree.where(bad, fault.line, "device", NS) == (1, "file/device/count")


def test_a_schema_of_several_files_is_read_from_the_upload_alone():
    main = f"""<xs:schema {XS} targetNamespace="urn:a" xmlns:b="urn:b"><xs:import
        namespace="urn:b" schemaLocation="sub/b.xsd"/><xs:element name="a" type="b:t"/>
        </xs:schema>"""
    part = f"""<xs:schema {XS} targetNamespace="urn:b"><xs:simpleType name="t"><xs:restriction
        base="xs:int"/></xs:simpleType></xs:schema>"""
    compiled = schema.load(zipped(main=main, sub__b=part), "main.xsd")
    assert not schema.faults(compiled, b'<a xmlns="urn:a">1</a>')
    assert schema.faults(compiled, b'<a xmlns="urn:a">x</a>')
    for place in ("http://127.0.0.1:9/b.xsd", "file:///etc/passwd", "../../b.xsd", "/etc/passwd"):
        with pytest.raises(schema.SchemaError) as error:
            schema.load(zipped(main=main.replace("sub/b.xsd", place), sub__b=part), "main.xsd")
        assert error.value.code == "outside"


@pytest.mark.parametrize(("data", "code"), [
    (OUTSIDE, "doctype"), (BOMB, "doctype"), (b"", "syntax"), (b"<a/>", "schema"),
    ("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a><a/>".encode("utf-16"), "doctype"),
    (b"PK\x03\x04 no archive", "archive"), (b"<a>" * 200 + b"</a>" * 200, "depth"),
    (b" " * (safe_xml.MAX_BYTES + 1), "size")])
def test_what_is_no_schema_is_refused(data, code):
    with pytest.raises(schema.SchemaError) as error:
        schema.load(data)
    assert error.value.code == code


def test_a_small_archive_of_a_large_schema_is_refused():
    with pytest.raises(schema.SchemaError) as error:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.xsd", b" " * (schema.MAX_UNPACKED + 1))
        schema.load(stream.getvalue(), "a.xsd")
    assert error.value.code == "size"


# ---------------------------------------------------------------------- answers

CSV = answer.Form("csv", "DI", "Status", "Message", "Key", answer.words("OK, accepted"),
                  answer.words("error"))
XML = answer.Form("xml", "id", "@status", "note/text", "", answer.words("ok"),
                  answer.words("no"), "result")


def test_an_archive_with_a_damaged_stream_is_refused():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xsd", bytes(range(256)) * 20)
    data = kept.getvalue()
    begin = data.index(b"a.xsd") + 5
    for place in range(begin, begin + 200):
        with pytest.raises(schema.SchemaError):
            schema.members(data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1:])


def test_answers_are_read_from_csv_and_xml():
    rows = answer.read("DI,Status,Message,Key\r\n1,OK,,K1\r\n2,Error,\"坏,的\",\r\n".encode(), CSV)
    assert [(row.device, row.accepted, row.message, row.key) for row in rows] == [
        ("1", True, "", "K1"), ("2", False, "坏,的", "")]
    rows = answer.read(b'<a xmlns="urn:x"><result status="ok"><id>1</id></result><result '
                       b'status="no"><id>2</id><note><text>why</text></note></result></a>', XML)
    assert [(row.device, row.accepted, row.message) for row in rows] == [
        ("1", True, ""), ("2", False, "why")]
    assert answer.read("DI;Status\n1;OK".encode("gb18030"), CSV)


@pytest.mark.parametrize(("text", "code"), [
    ("DI,Outcome\n1,OK", "column"), ("DI,Status\n1,maybe", "word"), ("DI,Status\n,OK", "device"),
    ("DI,Status\n1,OK\n1,OK", "twice"), ("DI,Status\n", "empty"), ("", "column")])
def test_an_answer_that_leaves_doubt_is_refused(text, code):
    with pytest.raises(answer.AnswerError) as error:
        answer.read(text.encode(), CSV)
    assert error.value.code == code


@pytest.mark.parametrize("data", [OUTSIDE, BOMB])
def test_an_answer_with_a_document_type_is_not_read(data):
    with pytest.raises(safe_xml.UnsafeXml) as error:
        answer.read(data, XML)
    assert error.value.code == "doctype"


def test_a_package_is_the_same_twice():
    assert pack.pack({"b": b"2", "a": b"1"}) == pack.pack({"a": b"1", "b": b"2"})
