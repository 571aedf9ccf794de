import inspect
import json
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.modules import get_module_path
from odoo.service.model import get_public_method

from ..tools.conflict import put
from .common import PAYLOAD
from .test_submit import InboxCase


class TestNothingIsRead(InboxCase):
    """A partner's key reads nothing: of every model, by every public method (X6 V8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mes = cls.partner_of("MES")

    def models(self):
        return [name for name in self.env.registry
                if name.startswith("med.exchange") and name != "med.exchange"]

    def test_no_model_is_read_written_made_or_deleted(self):
        self.submit(self.said(1))
        user = self.mes.user_id
        for name in self.models():
            Model = self.env[name].with_user(user)
            if Model._abstract:
                continue
            for right in ("read", "write", "create", "unlink"):
                self.assertFalse(Model.has_access(right), (name, right))
            for call in (lambda Model=Model: Model.search([]),
                         lambda Model=Model: Model.search_read([]),
                         lambda Model=Model: Model.search_count([]),
                         lambda Model=Model: Model.web_search_read([], {})):
                with self.assertRaises(AccessError, msg=name):
                    call()
            with self.assertRaises(UserError, msg=name), self.env.cr.savepoint():
                Model.create({})

    def test_no_public_method_of_a_record_works(self):
        self.submit(self.said(1))
        arguments = {
            "mend": ({**PAYLOAD}, "x"), "decide": ({}, "x"), "apply_again": ("x",),
            "give_back": ("x",), "roll_back": ("x",), "skip_missing": ("x",)}
        tried = 0
        for name in ("message", "stream", "object", "submission", "partner", "right", "key"):
            records = self.env[f"med.exchange.{name}"].sudo().search([], limit=1)
            self.assertTrue(records, name)
            own = records.with_user(self.mes.user_id).with_context(
                install_mode=True, force_delete=True, su=True, uid=1)
            for method in sorted(self.own_methods(f"med.exchange.{name}")):
                before = records.read()
                with self.assertRaises(Exception, msg=(name, method)) as caught:
                    self.env.invalidate_all()
                    getattr(own, method)(*arguments.get(method, ()))
                self.assertIsInstance(caught.exception, (AccessError, TypeError), (name, method))
                self.env.invalidate_all()
                self.assertEqual(records.read(), before)
                tried += 1
        self.assertGreater(tried, 12)

    def own_methods(self, model):
        """Return the public methods that addons of ours give a model."""
        found = set()
        for one in self.env.registry[model].__mro__:
            if not one.__module__.startswith("odoo.addons.med_exchange"):
                continue
            for method, code in vars(one).items():
                if method.startswith("_") or not callable(code) or method in (
                        "create", "write", "unlink", "copy"):
                    continue
                try:
                    get_public_method(self.env[model], method)
                except (AccessError, AttributeError):
                    continue
                found.add(method)
        return found

    def test_status_tells_nothing_of_another_partner(self):
        self.submit(self.said(1), self.said(5))
        told = self.env["med.exchange"].with_user(self.mes.user_id).status(messages=["id-1"])
        self.assertEqual((told["partner"], told["streams"], told["messages"]), ("MES", [], []))
        self.assertNotIn("H-1", json.dumps(told))

    def test_every_public_method_asks_who_calls(self):
        exchange = self.env["med.exchange"].with_user(self.user("viewer"))
        for method in sorted(self.own_methods("med.exchange")):
            with self.assertRaises(AccessError, msg=method):
                needed = [one for one in inspect.signature(
                    getattr(exchange, method)).parameters.values() if one.default is one.empty]
                getattr(exchange, method)(**{one.name: [{}] for one in needed})


class TestEverySchema(InboxCase):
    """Wrong units, values, states: every invalid example is refused on its way in (X4 G4)."""

    def test_every_invalid_example_is_refused_at_its_field(self):
        folder = Path(get_module_path("med_exchange")) / "schemas" / "examples"
        handler = "med.exchange.organisation"
        names = sorted(path.name.partition("-")[0] for path in folder.glob("*.invalid.json"))
        self.patch(self.env.registry["med.exchange.handler"], "_med_handlers",
                   lambda model: dict.fromkeys(names, handler))
        number = 0
        for name in names:
            if name != "organisation":
                self.right(self.lims, name)
            good = json.loads((folder / f"{name}-1.0.json").read_text())
            for case in json.loads((folder / f"{name}-1.0.invalid.json").read_text()):
                number += 1
                payload = put(good, case["at"], None if case.get("remove") else case["value"])
                with self.subTest(schema=name, says=case["says"]):
                    [answer] = self.submit(self.envelope(
                        self.lims, payload, id=f"{name}-{number}", sequence=number, schema=name))
                    self.assertEqual(answer["outcome"], "rejected")
                    pointers = [one["pointer"] for one in answer["errors"]]
                    self.assertTrue({f"/payload{case['problem']}", case["at"]} & {
                        *pointers, *(one.removeprefix("/payload") for one in pointers)}, answer)
        self.assertGreater(number, 30)
        self.assertFalse(self.hospital())
