import base64

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import XS, UdiFileCase, b64

# A schema of this test's own, for the entries of the NMPA form: not the regulator's.
OWN = f"""<xs:schema {XS} elementFormDefault="qualified">
<xs:element name="udid"><xs:complexType><xs:sequence><xs:element name="devices">
<xs:complexType><xs:sequence><xs:element name="device" maxOccurs="unbounded"><xs:complexType>
<xs:sequence><xs:element name="zxxsdycpbs" type="xs:string"/>
<xs:element name="ggxh"><xs:simpleType><xs:restriction base="xs:string">
<xs:maxLength value="3"/></xs:restriction></xs:simpleType></xs:element>
</xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""


@tagged("post_install", "-at_install")
class TestMake(UdiFileCase):
    """A file is made whole or not at all, and what is missing is named."""

    requirement = "X8 X9"

    def short_form(self, **values):
        """Return a form of two columns, which the schema of this test's own describes."""
        return self.env["med.udi.file.format"].with_user(self.regulatory).create({
            "name": "Short", "jurisdiction_id": self.cn.id, "regulator": "Test", "regime": "Test",
            "source": "This test", "valid_from": "2026-01-01", "state": "active", "root": "udid",
            "field_ids": [(0, 0, row) for row in (
                {"sequence": 1, "scope": "file", "path": "devices/device", "source": "entries"},
                {"sequence": 2, "path": "zxxsdycpbs", "source": "name", "required": True},
                {"sequence": 3, "path": "ggxh", "source": "version_model"})], **values})

    def test_what_is_missing_is_said_device_by_device_and_nothing_is_made(self):
        good, bad = self.full(), self.full(emdn_code=False, issuer="gs1")
        bad.basic_id.risk_class = False
        file = self.file("eudamed_device", good | bad)
        told = file.make()
        self.assertEqual((told["state"], told["sha256"], file.data), ("draft", "", False))
        self.assertEqual({one["device"] for one in told["problems"]}, {bad.name})
        self.assertEqual({(one["kind"], one["element"]) for one in told["problems"]}, {
            ("missing", "EMDN Code"), ("missing", "Basic UDI-DI: Risk Class")})
        for one in told["problems"]:
            self.assertIn(bad.name, one["sentence"])
            self.assertIn(one["place"], one["sentence"])
        self.assertEqual(file.line_ids.mapped("problem_count"), [0, 2])
        bad.emdn_code, bad.basic_id.risk_class = "Z12", "3"
        self.assertEqual(file.make()["state"], "made")
        self.assertFalse(file.problem_ids)

    def test_a_value_without_code_is_refused(self):
        di = self.full()
        di.basic_id.risk_class = "C"
        [one] = self.file("eudamed_device", di).make()["problems"]
        self.assertEqual((one["kind"], one["element"]), ("code", "Basic UDI-DI: Risk Class"))

    def test_a_medicine_leaves_open_whether_it_is_from_human_blood(self):
        di = self.full()
        di.basic_id.contains_medicine = True
        [one] = self.file("eudamed_device", di).make()["problems"]
        self.assertEqual((one["kind"], one["place"]),
                         ("missing", "MDRBasicUDI/humanProductCheck"))

    def test_devices_that_do_not_belong_are_named(self):
        unit = self.full()
        case = self.di(level="case", contains_id=unit.id, contained_quantity=5)
        draft, unsure, unknown = (
            self.full(state="draft"), self.full(characteristics_confirmed=False), self.full())
        unknown.registration_ids.filtered(lambda one: one.jurisdiction_id == self.eu).unlink()
        ivd = self.full(basic_id=self.basic(legislation="ivdr").id)
        file = self.file("eudamed_udi_di", case | draft | unsure | unknown | ivd)
        told = {one["device"]: one["sentence"] for one in file.make()["problems"]}
        self.assertIn(unit.name, told[case.name])
        for di, words in ((draft, "draft"), (unsure, "Boxes Compared"), (unknown, "registration"),
                          (ivd, "condition")):
            self.assertIn(words, told[di.name])

    def test_an_empty_or_too_large_file_is_refused(self):
        [one] = self.file("nmpa_xml", self.env["med.udi.di"]).make()["problems"]
        self.assertEqual(one["kind"], "file")
        self.forms["nmpa_xml"].most = 1
        [one] = self.file("nmpa_xml", self.full() | self.full()).make()["problems"]
        self.assertIn("at most 1", one["sentence"])

    def test_without_a_schema_the_file_says_not_checked(self):
        file = self.made("nmpa_xml", self.full())
        self.assertEqual((file.check_state, file.schema_sha256), ("unchecked", False))

    def test_a_file_that_does_not_fit_the_schema_is_not_made(self):
        form = self.short_form(schema_file=b64(OWN), schema_name="own.xsd")
        self.assertEqual((form.schema_user_id, bool(form.schema_time)), (self.regulatory, True))
        good, bad = self.full(version_model="A"), self.full(version_model="LONG")
        file = self.File._med_draw_up(form, good | bad)
        [one] = file.make()["problems"]
        self.assertEqual((one["kind"], one["device"], one["element"], one["place"]),
                         ("schema", bad.name, "Version or Model", "udid/devices/device/ggxh"))
        self.assertGreater(one["line"], 1)
        self.assertEqual((file.state, file.data, file.check_state), ("draft", False, "failed"))
        bad.version_model = "B"
        self.assertEqual(file.make()["check"], "passed")
        self.assertEqual(file.schema_sha256, form.schema_sha256)

    def test_a_schema_that_reaches_outside_is_refused(self):
        entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + OWN
        include = OWN.replace('<xs:element name="udid">', '<xs:include schemaLocation='
                              '"file:///etc/passwd"/><xs:element name="udid">')
        for text, words in ((entity, "document type"), (include, "not uploaded"),
                            ("<a/>", "not an XML schema"), ("nothing", "not an XML schema")):
            with self.subTest(words=words), self.refused(words, ValidationError):
                self.short_form(schema_file=b64(text))
        with self.refused("spreadsheet", ValidationError):
            self.forms["nmpa_xlsx"].schema_file = b64(OWN)

    def test_who_uploaded_a_schema_is_not_what_the_caller_says(self):
        form = self.short_form(schema_file=b64(OWN), schema_sha256="0" * 64)
        digest = form.schema_sha256
        form.write({"schema_sha256": "1" * 64, "schema_user_id": False})
        self.assertEqual(form.schema_sha256, digest)
        self.assertEqual(form.schema_user_id, self.regulatory)
        form.schema_file = False
        self.assertFalse(form.schema_sha256)

    def test_a_schema_that_was_swapped_checks_nothing(self):
        form = self.short_form(schema_file=b64(OWN))
        attachment = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", form._name), ("res_id", "=", form.id),
            ("res_field", "=", "schema_file")])
        file = self.File._med_draw_up(form, self.full(version_model="A"))
        for change in ({"raw": OWN.replace("3", "9").encode()}, {"raw": b""}):
            attachment.write(change)
            self.env.invalidate_all()
            with self.refused("SHA-256 differs"):
                file.make()
            self.assertEqual(file.state, "draft")

    def test_a_row_that_leads_nowhere_is_refused(self):
        form = self.short_form()
        Field = self.env["med.udi.file.field"].with_user(self.regulatory)
        for values in ({"path": "a", "source": "nothing"}, {"path": "a", "source": "basic.di_ids"},
                       {"path": "a", "source": "create_uid.password"},
                       {"path": "a", "source": "registration.user_id.login"},
                       {"path": "x:a", "source": "name"}, {"path": "a*", "source": "name"},
                       {"path": "a", "source": "item.name"}, {"path": "a b", "source": "name"},
                       {"path": "a", "source": "file.nothing"}):
            with self.subTest(**values), self.refused(error=ValidationError):
                Field.create({"format_id": form.id, **values})

    def test_a_form_that_is_not_in_use_makes_nothing(self):
        self.forms["nmpa_xml"].action_retire()
        with self.refused("in use"):
            self.File._med_draw_up(self.forms["nmpa_xml"], self.full())

    def test_draw_up_over_rpc_takes_plain_arguments(self):
        di = self.full()
        told = self.File.draw_up(format=self.forms["nmpa_xml"].id, device_identifiers=[di.name])
        self.assertEqual((told["version"], told["state"]), (1, "made"))
        for bad in ([], "x", [1], ["09506000134352"], None):
            with self.refused():
                self.File.draw_up(format=self.forms["nmpa_xml"].id, device_identifiers=bad)
        with self.refused():
            self.File.draw_up(format="1", device_identifiers=[di.name])

    def test_the_dialog_offers_forms_of_the_devices_markets(self):
        di = self.full()
        action = di.action_med_make_file()
        wizard = self.env[action["res_model"]].with_user(self.regulatory).browse(action["res_id"])
        self.assertEqual(wizard.market_ids, self.cn | self.us | self.eu)
        with self.refused("Choose a form"):
            wizard.action_make()
        wizard.format_id = self.forms["nmpa_xml"]
        file = self.File.browse(wizard.action_make()["res_id"])
        self.assertEqual((file.state, file.line_ids.di_id), ("made", di))
        self.assertEqual(di.med_file_count, 1)

    def test_the_same_file_has_the_digest_that_is_told(self):
        file = self.made("nmpa_xml", self.full())
        self.assertEqual(file.verify(), {"version": 1, "files": {file.name: True}})
        attachment = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", file._name), ("res_id", "=", file.id), ("res_field", "=", "data")])
        attachment.flush_recordset()
        self.env.cr.execute("UPDATE ir_attachment SET store_fname = NULL, db_datas = %s"
                            " WHERE id = %s", [b"forged", attachment.id])
        self.env.invalidate_all()
        self.assertEqual(file.verify()["files"], {file.name: False})
        with self.refused("SHA-256 differs", UserError):
            file.submit("ACK")
        self.assertEqual(base64.b64decode(file.data), b"forged")
