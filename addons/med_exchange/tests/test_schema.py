import json
import tempfile
from pathlib import Path

from odoo.addons.med_base.tests.common import MedRpcCase
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from ..tools import schema as rules
from .common import PAYLOAD, ExchangeCase, ExchangeFactory


class TestSchema(ExchangeCase):
    """Schemas as rows, and as partners read them."""

    requirement = "X6 versions of interfaces; G1, G2, G4, G6 data map; P11-30"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mes = cls.partner_of("PLANT-MES")
        cls.schemas = cls.env["med.exchange.schema"]
        cls.theirs = cls.env["med.exchange"].with_user(cls.mes.user_id)
        cls.admin = cls.user("system_admin")

    def test_every_file_is_a_row_with_its_fields(self):
        names = set(self.schemas.search([]).mapped("name"))
        self.assertLessEqual({"organisation", "lot", "recall_notice", "delivery_proof"}, names)
        lot = self.schemas._med_schema("lot", "1.0")
        by_pointer = {one.pointer: one for one in lot.field_ids}
        self.assertTrue(by_pointer["/lot"].required)
        self.assertIn("quarantine → released", by_pointer["/status"].states)
        self.assertEqual(by_pointer["/status"].truth, "QMS")
        run = {one.pointer: one for one in
               self.schemas._med_schema("process_record", "1.0").field_ids}
        self.assertEqual((run["/temperature_low"].unit, run["/temperature_low"].precision),
                         ("Cel", "2"))
        self.assertEqual(run["/lots/-/quantity"].kind, "quantity")

    def test_owners_and_sources_of_truth_are_those_of_the_tool(self):
        for model in (self.schemas, self.env["med.exchange.schema.field"]):
            for name, known in (("owner", rules.OWNERS), ("truth", rules.TRUTHS)):
                self.assertEqual({key for key, _label in model._fields[name].selection},
                                 set(known))

    def test_the_payload_of_the_organisations_handler_is_valid(self):
        record = self.env["res.partner"].create({
            **dict.fromkeys(("name", "ref", "vat", "company_registry", "street", "street2", "city",
                             "zip", "phone", "email", "website", "function"), "x"),
            "country_id": self.env.ref("base.us").id, "is_company": True,
            "state_id": self.env.ref("base.state_us_5").id, "partner_latitude": 31.25,
            "type": "other",
            "partner_longitude": -120.5, "parent_id": self.env.company.partner_id.id})
        payload = self.env["med.exchange.organisation"]._med_export(record)[record.id]
        self.assertGreaterEqual(len(payload), 19)
        self.assertFalse(self.schemas._med_problems("organisation", "1.0", payload))

    def test_bad_fields_are_told_by_pointer(self):
        found = self.schemas._med_problems("organisation", "1.0", {
            **PAYLOAD, "country": "China", "colour": "red", "latitude": "91"})
        self.assertEqual({one.pointer for one in found}, {"/colour", "/country"})
        found = self.schemas._med_problems("organisation", "1.0", {**PAYLOAD, "latitude": "91"})
        self.assertEqual([one.pointer for one in found], ["/latitude"])

    def test_what_is_wrong_is_said_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        found = self.schemas.with_context(lang="zh_CN")._med_problems(
            "organisation", "1.0", {**PAYLOAD, "latitude": "91", "country": 3})
        self.assertTrue(found)
        for one in found:
            self.assertRegex(one.message, "[\u4e00-\u9fff]")

    def test_quantities_are_converted_and_the_original_stays(self):
        sent = {"process": "other", "pressure_low": {"value": "800.5", "unit": "mbar"},
                "temperature_high": {"value": "131.005", "unit": "[degF]"}}
        kept = json.dumps(sent)
        self.assertFalse(self.schemas._med_problems("process_record", "1.0", sent))
        found = self.schemas._med_normal("process_record", "1.0", sent)
        self.assertEqual(found["pressure_low"], {"value": "80.05", "unit": "kPa"})
        self.assertEqual(found["temperature_high"], {"value": "55.00", "unit": "Cel"})
        self.assertEqual(json.dumps(sent), kept)
        self.assertEqual([one.pointer for one in
                          self.schemas._med_notes("process_record", "1.0", sent)],
                         ["/pressure_low", "/temperature_high"])

    def test_a_wrong_unit_is_a_problem(self):
        found = self.schemas._med_problems("process_record", "1.0", {
            "process": "other", "pressure_low": {"value": "1", "unit": "Cel"}})
        self.assertEqual([one.pointer for one in found], ["/pressure_low/unit"])

    def test_an_unknown_version_allows_nothing(self):
        self.assertFalse(self.schemas._med_schema("organisation", "9.9"))
        self.assertTrue(self.schemas._med_problems("organisation", "9.9", PAYLOAD))
        self.assertTrue(self.schemas._med_problems("nothing", "1.0", PAYLOAD))

    def test_loading_again_changes_nothing(self):
        before = self.schemas.search([])
        digests = before.mapped("digest")
        self.schemas._med_load("med_exchange")
        self.assertEqual(self.schemas.search([]), before)
        self.assertEqual(before.mapped("digest"), digests)

    def test_a_shipped_version_that_was_changed_is_refused(self):
        self.schemas._med_schema("lot", "1.0").digest = "0" * 64
        with self.assertRaisesRegex(ValidationError, "shipped"):
            self.schemas._med_load("med_exchange")

    def test_a_version_without_a_file_stays_and_is_retired(self):
        lot = self.schemas._med_schema("lot", "1.0")
        old = lot.copy({"name": "gone", "body": lot.body})
        self.assertEqual(old.state, "active")
        self.schemas._med_load("med_exchange")
        self.assertEqual(old.state, "retired")
        self.assertEqual(lot.state, "active")

    def test_a_minor_version_that_breaks_the_one_before_is_refused(self):
        lot = self.schemas._med_schema("lot", "1.0")
        body = json.loads(lot.body)
        body["required"] = [*body["required"], "expires"]
        with self.assertRaisesRegex(ValidationError, "/expires"):
            self.schemas._med_check_versions(
                {"name": "lot", "major": "1", "minor": "1"}, "1.1", body)
        del body["required"][-1]
        self.schemas._med_check_versions({"name": "lot", "major": "1", "minor": "1"}, "1.1", body)

    def test_a_file_that_is_no_schema_of_our_kind_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "thing-1.0.json"
            body = json.loads(self.schemas._med_schema("lot", "1.0").body)
            path.write_text(json.dumps({**body, "additionalProperties": True}))
            with self.assertRaisesRegex(ValidationError, "thing-1.0.json"):
                self.schemas._med_load_file(
                    "med_exchange", path, rules.FILE.fullmatch(path.name))
            path.write_text(json.dumps(body))
            made = self.schemas._med_load_file(
                "med_exchange", path, rules.FILE.fullmatch(path.name))
        self.assertEqual((made.name, made.version, made.state), ("thing", "1.0", "active"))

    def test_nobody_writes_or_deletes_a_schema(self):
        lot = self.schemas._med_schema("lot", "1.0")
        for user in (self.admin, self.user("qa"), self.mes.user_id):
            mine = lot.with_user(user)
            for act in (lambda mine=mine: mine.write({"body": "{}"}),
                        lambda mine=mine: mine.field_ids[:1].write({"unit": "mm"}),
                        lambda mine=mine: mine.copy({"version": "1.9"}),
                        mine.unlink):
                with self.assertRaises(UserError):  # AccessError is one too
                    act()
        with self.assertRaises(UserError):
            lot.unlink()

    def test_only_the_administrator_retires(self):
        lot = self.schemas._med_schema("lot", "1.0")
        with self.assertRaises(UserError):
            lot.with_user(self.user("qa")).with_context(su=True).retire()
        with self.assertRaises(UserError):
            lot.with_user(self.mes.user_id).retire()
        lot.with_user(self.admin).retire()
        self.assertEqual(self.schemas._med_schema("lot", "1.0").state, "retired")
        lot.with_user(self.admin).bring_back()
        self.assertEqual(lot.state, "active")

    def test_a_partner_reads_the_schemas_of_its_rights_and_no_other(self):
        found = self.theirs.schemas()
        self.assertEqual([(one["name"], one["schema_version"], one["directions"])
                          for one in found["schemas"]], [("organisation", "1.0", ["in"])])
        told = self.theirs.schema("organisation")
        self.assertEqual((told["version"], told["schema_version"]), (1, "1.0"))
        self.assertEqual(told["schema"]["$id"], "urn:med-exchange:organisation:1.0")
        self.assertFalse(self.schemas._med_problems("organisation", "1.0", told["example"]))
        self.assertIn("/name", [one["pointer"] for one in told["fields"]])
        json.dumps([found, told], allow_nan=False)
        for name, version in (("lot", ""), ("organisation", "2.0"), ("nothing", ""), (1, ""),
                              ("organisation", ["1.0"]), ({}, "")):
            with self.assertRaises(UserError):
                self.theirs.schema(name, version)

    def test_only_a_partner_calls(self):
        for user in (self.user("viewer"), self.admin):
            with self.assertRaises(AccessError):
                self.env["med.exchange"].with_user(user).schemas()
            with self.assertRaises(AccessError):
                self.env["med.exchange"].with_user(user).schema("organisation")


class TestSchemaRpc(ExchangeFactory, MedRpcCase):
    """A partner's program reads its schemas over JSON-2 with its API key."""

    requirement = "X1 open interface; X6 versions of interfaces"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mes = cls.partner_of("PLANT-MES")

    def test_schemas_and_one_schema(self):
        found = self.json2(self.mes.user_id, "med.exchange", "schemas", context={})
        self.assertEqual(found.status_code, 200, found.text)
        self.assertEqual([one["name"] for one in found.json()["schemas"]], ["organisation"])
        told = self.json2(self.mes.user_id, "med.exchange", "schema", name="organisation",
                          version="1.0")
        self.assertEqual(told.json()["schema"]["type"], "object")

    @mute_logger("odoo.http")
    def test_what_is_not_its_own_is_refused_and_says_what_to_do(self):
        found = self.json2(self.mes.user_id, "med.exchange", "schema", name="lot")
        self.assertEqual(found.status_code, 422)
        self.assertIn("schemas", found.json()["message"])

    @mute_logger("odoo.http")
    def test_the_models_behind_are_closed_to_it(self):
        for model in ("med.exchange.schema", "med.exchange.schema.field"):
            for method, args in (("search_read", {"domain": []}), ("read", {"ids": [1]}),
                                 ("retire", {"ids": [1]}), ("bring_back", {"ids": [1]})):
                if "field" in model and method in ("retire", "bring_back"):
                    continue
                found = self.json2(self.mes.user_id, model, method, **args)
                self.assertGreaterEqual(found.status_code, 400, (model, method))
