import inspect

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalCase

CORE = ("stock.lot", "stock.move", "stock.move.line", "stock.picking", "stock.quant",
        "mrp.production", "purchase.order", "product.product", "product.template", "mrp.bom",
        "res.partner", "res.users", "ir.attachment")
RIGHT = {
    "med.audit.entry.history": {"model": "med.outsourcing.order", "res_id": 1},
    "med.audit.review.status": {"model": "med.outsourcing.order", "res_id": 1},
    "med.day.find": {"page": "warehouse", "code": "S-1"},
    "med.day.start_here": {"page": "warehouse"},
    "med.signature.secret.med_set_pin": {"pin": "135792", "secret": "porter-secret"},
    "stock.picking.med_proof": {"person": "Li", "event_time": "2026-03-02T08:00:00Z"},
}
"""Arguments of methods that look at them before they look at the caller."""
REFUSED = {
    "med.exchange.schema.bring_back": "a sentence of its own says who may",
    "med.exchange.schema.retire": "a sentence of its own says who may",
    "stock.picking.action_med_certificate": "nothing was released, whoever asks",
    "med.day.find": "answers only on the pages of people of ours",
    "med.day.start_here": "answers only on the pages of people of ours",
    "med.signature.secret.med_set_pin": "his own, with his own password; it opens nothing",
    "res.users.change_password": "the old password is wrong",
}
"""What is refused otherwise than by the access rules, and how."""
OPERATIONS = ("read", "create", "write", "unlink")


@tagged("post_install", "-at_install")
class TestSurface(PortalCase):
    """A portal user tries every model and every method: he changes nothing but by his pages."""

    requirement = "P4 V4 A2"

    def models(self):
        return sorted(name for name in self.env.registry if name.startswith("med."))

    def test_no_model_of_ours_is_open_to_him(self):
        for name in self.models():
            model = self.env[name].with_user(self.porter)
            if model._abstract:
                continue
            for operation in OPERATIONS:
                with self.subTest(model=name, operation=operation):
                    self.assertFalse(model.has_access(operation))

    def methods(self):
        """Yield (model, method) that a program may call and that an addon of ours defines."""
        for name in [*self.models(), *CORE]:
            model = self.env[name]
            for method in dir(type(model)):
                function = getattr(type(model), method, None)
                if method.startswith("_") or not inspect.isfunction(function):
                    continue
                if not any(method in vars(base) and base.__module__.startswith("odoo.addons.med_")
                           for base in type(model).__mro__):
                    continue
                if method in ("create", "write", "unlink", "copy", "copy_data", "default_get",
                              "export_data", "fields_get", "onchange"):
                    continue
                try:
                    get_public_method(model, method)
                except AccessError:
                    continue
                yield name, method

    def arguments(self, function, record):
        values = {}
        for parameter in list(inspect.signature(function).parameters.values())[1:]:
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            if parameter.default is not parameter.empty:
                continue
            values[parameter.name] = {
                str: "x", int: 1, list: record.ids, dict: {}, bool: True, float: 1.0,
            }.get(parameter.annotation, "x")
        return values

    def written(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        return self.env.cr.fetchone()[0]

    def tried(self):
        """Yield (model.method, what came of it) as the portal user, where access did not refuse."""
        for name, method in self.methods():
            key = f"{name}.{method}"
            model = self.env[name].sudo()
            record = model if model._abstract else model.search(
                [], limit=1, order="id desc") or model.browse(2 ** 31 - 1)
            there = record.with_user(self.porter)
            if method == "action_med_step":
                there = there.with_context(med_step=self.step(model))
            arguments = RIGHT.get(key) or self.arguments(getattr(type(there), method), record)
            try:
                with self.env.cr.savepoint() as point:
                    before = self.written()
                    answer = getattr(there, method)(**arguments)
                    told = ("wrote", answer) if self.written() != before else ("told", answer)
                    point.rollback()
            except AccessError:
                continue
            except Exception as error:  # whatever it is, it is the answer
                told = type(error).__name__, str(error)
            finally:
                self.env.invalidate_all()
            yield key, told

    def step(self, model):
        machine = getattr(model, "_med_machine", None)
        steps = [one.name for one in machine.transitions if not one.reason] if machine else []
        return steps[0] if steps else ""

    @mute_logger("odoo.sql_db", "odoo.models.unlink")
    def test_no_method_of_ours_does_or_tells_him_anything(self):
        self.made()
        count = 0
        for key, (told, answer) in self.tried():
            if told == "told" and isinstance(answer, dict) and str(
                    answer.get("type")).startswith("ir.actions."):
                continue  # the address of a window that stays shut
            if told not in ("told", "wrote") and (
                    key in REFUSED or key.endswith(".action_med_step") or told == "MissingError"):
                continue  # a record that is not there is no way in
            if told == "wrote" and key == "med.signature.secret.med_set_pin":
                continue
            with self.subTest(method=key):
                self.fail(f"{told}: {str(answer)[:300]}")
            count += 1
        self.assertFalse(count)
        self.assertGreater(len(list(self.methods())), 300)

    def made(self, product=None):
        """Return the production of a device that the maker assembles for us."""
        purchase = self.purchase(product or self.device, user=self.env.user)
        purchase.button_confirm()
        return purchase.picking_ids._get_subcontract_production()

    # ------------------------------------------------------------------ Odoo's own portal

    def test_odoos_own_portal_opens_no_way_past_the_report(self):
        """Core lets a subcontractor write lots and quantities; here he reports."""
        production = self.made()
        receipt = production.incoming_picking
        moves = production.move_raw_ids | production.move_finished_ids | receipt.move_ids
        lot = self.lots_of(self.device, "D-1")
        line = self.env["stock.move.line"].create({
            "move_id": production.move_finished_ids[:1].id, "product_id": self.device.id,
            "quantity": 1, "company_id": self.company.id})
        mine = self.env(user=self.porter)

        def there(records):
            return records.with_env(mine)

        for records in (production, receipt, moves, lot, line, self.lots,
                        self.order._med_send_pickings()):
            with self.subTest(model=records._name):
                self.assertFalse(there(records).search([("id", "in", records.ids)]))
                with self.assertRaises(AccessError):
                    there(records).read(["id", "display_name"])
        for records, values in (
                (production, {"qty_producing": 3}), (production, {"lot_producing_ids": lot.ids}),
                (production, {"product_qty": 99}), (moves[:1], {"quantity": 7}),
                (line, {"lot_id": lot.id}), (lot, {"name": "D-2"}),
                (self.lots[:1], {"name": "S-9"}), (receipt, {"note": "x"})):
            with self.subTest(model=records._name, values=values), \
                    self.assertRaises(AccessError), self.env.cr.savepoint():
                there(records).with_context(mrp_subcontracting=True).write(values)
        for name, values in (
                ("stock.lot", {"name": "D-9", "product_id": self.device.id}),
                ("stock.move.line", {"move_id": moves[:1].id, "product_id": self.device.id,
                                     "quantity": 1}),
                ("stock.move", {"product_id": self.device.id, "product_uom_qty": 1,
                                "raw_material_production_id": production.id,
                                "location_id": self.stock.id,
                                "location_dest_id": self.stock.id})):
            with self.subTest(create=name), self.assertRaises(AccessError), \
                    self.env.cr.savepoint():
                mine[name].create(values)
        self.signed_in(self.porter)
        for way in (f"/my/productions/{receipt.id}",
                    f"/my/productions/{receipt.id}/subcontracting_portal"):
            self.assertEqual(self.url_open(way).status_code, 404)

    def test_what_is_not_controlled_stays_as_odoo_has_it(self):
        plain = self.product("Carton", med_controlled=False)
        self.subcontracted(plain, {self.product("Board", med_controlled=False): 1}, self.maker)
        production = self.made(plain)
        found = production.with_user(self.porter).search([("id", "=", production.id)])
        self.assertEqual(found, production)
        self.assertTrue(self.env["stock.picking"].with_user(self.porter).search(
            [("id", "=", production.incoming_picking.id)]))

    def test_documents_of_another_processor_are_not_shown(self):
        production = self.made()
        purchase = production.incoming_picking.purchase_id
        env = self.env(user=self.stranger)
        for record in (purchase, production, production.incoming_picking, self.lots, self.file,
                       self.order, self.bom):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_env(env).read(["id"])

    def test_events_are_made_by_no_other_way(self):
        values = {"order_id": self.order.id, "kind": "acknowledged", "reference": "X",
                  "event_time": "2026-03-02 08:00:00", "digest": "x", "origin": "portal",
                  "user_id": self.porter.id, "line_ids": [Command.clear()]}
        with self.assertRaises(AccessError):
            self.env["med.outsourcing.event"].with_user(self.porter).create(values)
        with self.assertRaises(AccessError):
            self.order.with_user(self.porter).write({"state": "accepted"})
        for name in ("_med_report", "_med_portal_report", "_med_portal_problem", "_med_store"):
            with self.assertRaises(AccessError):
                get_public_method(self.order, name)
