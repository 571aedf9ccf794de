from unittest.mock import patch

from odoo.addons.bus.models.bus import channel_with_db, json_dump
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RecallCase


class MadeCase(RecallCase):
    """Tubes that were made into stents, of which some went to hospitals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.raw = cls.in_stock(cls.tube, "T-1", quantity=50)
        cls.made = [cls._stent(f"SN-{number}") for number in (9, 10, 11)]
        cls.deliver([(cls.stent, cls.made[0], 4)], partner=cls.hospitals[0])
        cls.deliver([(cls.stent, cls.made[1], 3)], partner=cls.hospitals[1])

    @classmethod
    def _stent(cls, name, raw=None):
        """Return a released lot of 10 stents that an order made of 2 tubes."""
        lot = cls.lots_of(cls.stent, name)
        cls.close(cls.order(cls.stent, 10, [(cls.tube, raw or cls.raw, 2)], lot))
        cls.decide(lot, "released")
        return lot

    def drawn(self, *rows, **values):
        record = self.opened(**values)
        record.criterion_ids = [Command.create(row) for row in rows]
        record.draw()
        return record

    def found(self, *query):
        """Return the names of the lots that criteria mean."""
        lots = self.env["med.recall.find"]._found(list(query), self.company).lots
        return sorted(self.env["stock.lot"].browse(lots).mapped("name"))


@tagged("post_install", "-at_install")
class TestFind(MadeCase):
    """Which lots criteria mean."""

    requirement = "CN-RC-4 TRC-5 C1"

    def test_rows_are_joined_by_or_and_a_row_that_excludes_takes_away(self):
        nine, ten, eleven = self.made
        self.assertEqual(self.found({"lot_ids": nine.ids}, {"lot_ids": ten.ids}),
                         ["SN-10", "SN-9"])
        self.assertEqual(self.found({"lot_ids": self.raw.ids}),
                         ["SN-10", "SN-11", "SN-9", "T-1"])
        self.assertEqual(self.found({"lot_ids": self.raw.ids},
                                    {"lot_ids": ten.ids, "exclude": True}),
                         ["SN-11", "SN-9", "T-1"])
        self.assertEqual(self.found({"lot_ids": (self.raw | eleven).ids},
                                    {"product_id": self.tube.id, "exclude": True}), ["SN-11"])

    def test_a_range_of_serials_is_of_one_product(self):
        row = {"product_id": self.stent.id, "from": "SN-9", "to": "SN-10"}
        self.in_stock(self.tube, "SN-9")
        self.assertEqual(self.found({"serial_range": row}), ["SN-10", "SN-9"])
        for wrong, said in ((row | {"to": "SN-1"}, "no range"),
                            ({"from": "1"}, "needs its product"),
                            (row | {"product_id": True}, "takes these"),
                            (row | {"x": 1}, "takes these")):
            with self.subTest(wrong=wrong), self.assertRaisesRegex(UserError, said):
                self.found({"serial_range": wrong})

    def test_component_and_order_say_what_was_made_of_it(self):
        order = self.env["mrp.production"].search([("lot_producing_ids", "in", self.made[0].ids)])
        self.assertEqual(self.found({"component_id": self.tube.id}), ["SN-10", "SN-11", "SN-9"])
        self.assertEqual(self.found({"production_id": order.id}), ["SN-9"])
        bom = self.env["mrp.bom"].create({"product_tmpl_id": self.stent.product_tmpl_id.id})
        order.bom_id = bom
        self.assertEqual(self.found({"bom_id": bom.id}), ["SN-9"])

    def test_a_process_batch_is_found_by_equipment_process_and_time(self):
        batch = self.env["med.process.batch"].create({
            "process": "coating", "equipment": "Oven 3", "number": "7",
            "started_at": "2026-03-02 10:00:00", "ended_at": "2026-03-02 12:00:00",
            "line_ids": [Command.create({"lot_id": self.made[2].id, "quantity": 5})]})
        for step in ({"equipment": "oven 3"}, {"process": "coating", "from": "2026-03-02 11:59:00"},
                     {"process": "coating", "to": "2026-03-02 10:00:00"}):
            with self.subTest(step=step):
                self.assertEqual(self.found({"step": step}), ["SN-11"])
        for step in ({"equipment": "Oven 4"}, {"process": "cleaning"},
                     {"process": "coating", "from": "2026-03-02 12:00:01"},
                     {"process": "coating", "to": "2026-03-02 09:59:59"}):
            with self.subTest(step=step):
                self.assertEqual(self.found({"step": step}), [])
        batch.with_user(self.olga).med_transition("cancel", reason="Not run")
        self.assertEqual(self.found({"step": {"equipment": "Oven 3"}}), [])

    def test_a_reading_out_of_a_range_names_its_lot_unless_it_was_corrected(self):
        self.plan()
        inspection = self.inspected("R-1")
        self.enter(inspection, self.values(inspection, "9.95"))
        read = {"characteristic": "len", "below": "9.96"}
        self.assertEqual(self.found({"reading": read}), ["R-1"])
        self.assertEqual(self.found({"reading": read | {"below": "9.95"}}), [])
        self.assertEqual(self.found({"reading": {"characteristic": "len", "above": "9.9"}}),
                         ["R-1"])
        self.enter(inspection, self.values(inspection, "10.0", reason="Misread"))
        self.assertEqual(self.found({"reading": read}), [])
        for wrong in ({"characteristic": "len"}, read | {"below": "low"}, read | {"below": "nan"}):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                self.found({"reading": wrong})

    def test_what_is_no_query_is_refused_in_one_sentence(self):
        for query, said in (([], "list of 1 to"), ([{}], "at least one criterion"),
                            ([{"colour": "red"}], "is not a criterion"), (["x"], "list of 1 to"),
                            ([{"lot": "SN-9", "exclude": True}], "excludes"),
                            ([{"lot": "SN-9", "exclude": "no"}], "true or false")):
            with self.subTest(query=query), self.assertRaisesRegex(UserError, said):
                self.env["med.recall"].with_user(self.anna).preview(query)

    def test_a_row_on_the_screen_asks_for_the_same(self):
        record = self.opened()
        row = self.env["med.recall.criterion"].create({
            "recall_id": record.id, "product_id": self.stent.id, "serial_from": "SN-10",
            "serial_to": "SN-11", "made_from": "2026-03-02", "made_to": "2026-03-02"})
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        [query] = row._med_query()
        self.assertEqual(query["date_from"], "2026-03-01 16:00:00")
        self.assertEqual(query["date_to"], "2026-03-02 15:59:59")
        self.assertEqual(self.found(query), ["SN-10", "SN-11"])
        self.assertIn("SN-10", row.said)

    def test_asked_from_the_lots_the_answer_is_the_same(self):
        find, (nine, ten, eleven) = self.env["med.recall.find"], self.made
        lots = [*self.raw.ids, nine.id, ten.id, eleven.id]
        for query in ([{"lot_ids": self.raw.ids}], [{"lot_ids": nine.ids}], [
                {"lot_ids": self.raw.ids}, {"lot_ids": ten.ids, "exclude": True}]):
            with self.subTest(query=query):
                self.assertEqual(set(find._touched(query, self.company, lots)),
                                 set(find._found(query, self.company).lots))


@tagged("post_install", "-at_install")
class TestPreview(MadeCase):
    """What is told before anything is stopped."""

    requirement = "TRC-5 C2 ISO-8.3.3"

    def test_lots_stock_work_and_consignees_are_told(self):
        wild = self.product("Box")
        box = self.receive(wild, {"B-1": 5})
        picking = self.open_delivery(self.made[2], 2)
        order = self.order(self.stent, 1, [(self.tube, self.raw, 1)], self.lots_of(self.stent, "W"))
        told = self.env["med.recall"].with_user(self.anna).preview(
            [{"lot_ids": self.raw.ids}, {"lot_ids": box.ids}])
        self.assertEqual(told["totals"] | {"places": 0, "exact": 0, "possible": 0}, {
            "lots": 5, "exact": 0, "possible": 0, "untracked": 0, "consignees": 2,
            "without_consignee": 0, "places": 0, "documents": 2, "picked": 2, "orders": 1,
            "not_stoppable": 1})
        self.assertEqual({row["name"]: row["shipped"] for row in told["lots"]},
                         {"T-1": 0, "B-1": 0, "SN-9": 4, "SN-10": 3, "SN-11": 0})
        self.assertEqual([row["product"] for row in told["not_stoppable"]], ["Box"])
        self.assertEqual({row["name"] for row in told["documents"]}, {picking.name, order.name})
        self.assertEqual([row["name"] for row in told["work"]], [order.name])
        self.assertEqual([(row["partner"], row["products"][0]["net"])
                          for row in told["consignees"]],
                         [("Hospital One", 4), ("Hospital Two", 3)])
        self.assertEqual(sum(row["quantity"] for row in told["stock"]), 44 + 30 - 7 + 5)
        few = self.env["med.recall"].preview([{"lot_ids": self.raw.ids}], limit=1)
        self.assertEqual((len(few["lots"]), len(few["consignees"]), few["totals"]["lots"]),
                         (1, 1, 4))
        self.assertFalse(self.made[0].med_hold_count)

    @classmethod
    def open_delivery(cls, lot, quantity):
        picking = cls.env["stock.picking"].create({
            "picking_type_id": cls.warehouse.out_type_id.id, "location_id": cls.stock.id,
            "location_dest_id": cls.customers.id, "partner_id": cls.hospitals[0].id,
            "move_ids": [Command.create({
                "product_id": lot.product_id.id, "product_uom_qty": quantity,
                "location_id": cls.stock.id, "location_dest_id": cls.customers.id,
                "picked": True, "move_line_ids": [Command.create({
                    "product_id": lot.product_id.id, "lot_id": lot.id, "quantity": quantity,
                    "picked": True, "location_id": cls.stock.id,
                    "location_dest_id": cls.customers.id})]})]})
        picking.action_confirm()
        return picking

    def test_who_reads_no_recalls_previews_none(self):
        for user in (self.olga, self.env.ref("base.public_user")):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["med.recall"].with_user(user).preview([{"lot": "T-1"}])

    def test_other_companies_lots_are_counted_and_not_shown(self):
        second = self.foreign_company()
        other = self.env["stock.lot"].sudo().create({
            "name": "Foreign", "product_id": self.stent.id, "company_id": second.id})
        Find = self.env["med.recall.find"]
        found = Find._found([{"lot_ids": self.raw.ids}], self.company)
        lots = found.lots | {other.id: next(iter(found.lots.values()))}
        told = self.env["med.recall"].with_user(self.anna)._med_preview(
            found._replace(lots=lots), 100)
        self.assertEqual(told["withheld"]["lots"], 1)
        self.assertNotIn("Foreign", str(told))
        self.assertEqual(Find._found([{"lot_ids": other.ids}], self.company).lots, {})


@tagged("post_install", "-at_install")
class TestVersions(MadeCase):
    """Version 1 stays; a later one shows what is new, and is signed."""

    requirement = "CN-RC-4 TRC-6 ISO-8.3.3"

    def test_a_later_version_shows_the_difference_and_is_frozen_by_its_own_signature(self):
        nine, ten, eleven = self.made
        record = self.decided(nine)
        record.criterion_ids.lot_ids = [Command.set(ten.ids)]
        told = record.with_user(self.anna).draw()
        self.assertEqual([told[name] for name in (
            "number", "added", "removed", "new_consignees")], [2, 1, 1, 1])
        first, second = record.scope_ids.sorted("number")
        self.assertEqual(record.scope_id, first)
        with self.assertRaisesRegex(UserError, "by itself"):
            second.with_user(self.anna).med_transition("found")
        self.sign(second, self.anna, "approved")
        self.assertEqual(record.scope_id, second)
        self.assertEqual(first.state, "frozen")
        self.assertEqual(first.line_ids.lot_id, nine)
        self.assertEqual(record.consignee_ids.filtered(
            lambda one: one.first_scope_id == second).partner_id, self.hospitals[1])
        self.assertEqual(second.line_ids.filtered("added").lot_id, ten)
        self.assertEqual(record.med_signature_status, "valid")
        # Left out by version 2, and lifted by a signature like any hold; the other stays.
        hold = nine.med_hold_line_ids.filtered("open").hold_id
        hold.with_user(self.anna).conclusion = "Not of that charge"
        self.sign(hold, self.anna, "approved")
        self.assertFalse(nine.med_hold_count)
        with self.assertRaisesRegex(UserError, "in its scope"):
            hold = ten.med_hold_line_ids.hold_id
            hold.with_user(self.anna).conclusion = "Never mind"
            self.sign(hold, self.anna, "approved")

    def test_who_waits_is_told_how_far_many_lots_are(self):
        """TRC-6: with progress, though all of it is one transaction."""
        channel = channel_with_db(self.env.cr.dbname, self.anna.partner_id)

        def told():
            return "".join(self.env["bus.bus"].search(
                [("channel", "=", json_dump(channel))]).mapped("message"))
        self.drawn({"lot_ids": [Command.set(self.raw.ids)]})
        self.assertNotIn("lots found", told())
        with patch("odoo.addons.med_recall.models.med_recall_draw.MANY", 1):
            self.drawn({"lot_ids": [Command.set(self.raw.ids)]})
        self.assertIn("4 lots found", told())
        self.assertIn("4 lots written down", told())

    def test_the_same_again_makes_no_version(self):
        record = self.decided(self.made[0])
        self.assertEqual(record.with_user(self.anna).draw()["number"], 1)
        self.assertEqual(len(record.scope_ids), 1)

    def test_a_version_is_not_frozen_before_the_decision_nor_when_something_came_since(self):
        record = self.drawn({"lot_ids": [Command.set(self.made[0].ids)]})
        with self.assertRaisesRegex(UserError, "decision about the recall"):
            self.sign(record.scope_id, self.anna, "approved")
        record = self.decided(self.made[2], drill=True)
        record.criterion_ids.lot_ids = [Command.link(self.made[1].id)]
        record.with_user(self.anna).draw()
        self.deliver([(self.stent, self.made[2], 1)], partner=self.hospitals[0])
        with self.assertRaisesRegex(UserError, "have come"):
            self.sign(record.scope_ids.sorted("number")[-1:], self.anna, "approved")

    def test_a_hold_with_both_kept_and_left_lots_is_parted(self):
        nine, ten, eleven = self.made
        record = self.decided(nine | eleven)
        record.criterion_ids.lot_ids = [Command.set(eleven.ids)]
        record.with_user(self.anna).draw()
        self.sign(record.scope_ids.sorted("number")[-1:], self.anna, "approved")
        for lot in (nine, eleven):
            self.assertEqual(lot.med_hold_line_ids.filtered("open").hold_id.lot_count, 1)

    def test_no_recall_after_all_lifts_what_it_held(self):
        record = self.drawn({"lot_ids": [Command.set(self.made[0].ids)]})
        self.assertTrue(self.made[0].med_hold_count)
        hold = self.made[0].med_hold_line_ids.hold_id
        with self.assertRaisesRegex(UserError, "by itself"):
            hold.with_user(self.anna).med_transition("release")
        record.conclusion = "Seals were cut on purpose"
        self.sign(record, self.rana, "approved", transition="refuse")
        self.assertFalse(self.made[0].med_hold_count)
        self.assertEqual(hold.state, "lifted")
        with self.assertRaisesRegex(UserError, "has ended"):
            record.criterion_ids.write({"udi": "x"})

    def test_a_delivery_that_names_nobody_is_told(self):
        self.move([(self.stent, self.made[2], 1)], self.stock, self.customers, "out")
        told = self.opened(self.made[2]).draw()
        self.assertEqual((told["without_consignee"], told["consignees"]), (1, 0))


@tagged("post_install", "-at_install")
class TestWatch(MadeCase):
    """What comes to match after the lots were found."""

    requirement = "CN-RC-4 ISO-8.3.3 TRC-6"

    def test_what_comes_to_match_does_not_ship_and_is_held_within_minutes(self):
        record = self.drawn({"product_id": self.stent.id, "supplier_lot": "S-1"}, {
            "lot_ids": [Command.set(self.made[0].ids)]})
        late = self.made[2]
        self.deliver([(self.stent, late, 1)], partner=self.hospitals[0])
        late.med_supplier_lot = "S-1"
        with self.assertRaisesRegex(UserError, "Held"):
            self.deliver([(self.stent, late, 1)], partner=self.hospitals[0])
        self.assertFalse(late.med_hold_count)
        record._med_watch()
        self.assertEqual(late.med_hold_count, 1)
        again = record.activity_ids.filtered(
            lambda one: one.activity_type_id == record._med_again_type())
        self.assertEqual(again.user_id, self.anna)
        record._med_watch()
        self.assertEqual((late.med_hold_count, len(record.activity_ids)), (1, 1))
        record.draw()
        self.assertFalse(record.activity_ids)
        self.assertEqual(record.scope_ids.sorted("number")[-1:].line_ids.lot_id,
                         late | self.made[0])

    def test_what_is_made_of_a_lot_in_scope_does_not_ship(self):
        order = self.order(self.stent, 10, [(self.tube, self.raw, 2)],
                           self.lots_of(self.stent, "SN-12"))
        self.tube.med_controlled = False  # nothing holds it: it is used up after all
        self.drawn({"lot_ids": [Command.set(self.raw.ids)]})
        self.close(order)
        made = order.lot_producing_ids
        self.decide(made, "released")
        with self.assertRaisesRegex(UserError, "Held"):
            self.deliver([(self.stent, made, 1)], partner=self.hospitals[0])

    def test_what_came_back_is_no_news(self):
        record = self.drawn({"lot_ids": [Command.set(self.made[0].ids)]})
        self.move([(self.stent, self.made[0], 2)], self.customers, self.stock, "in",
                  self.hospitals[0])
        record._med_watch()
        self.assertFalse(record.activity_ids)

    def test_a_simulated_drill_stops_nothing(self):
        self.drawn({"lot_ids": [Command.set(self.made[0].ids)]}, drill=True)
        self.deliver([(self.stent, self.made[0], 1)], partner=self.hospitals[0])
        self.assertFalse(self.made[0].med_hold_count)


@tagged("post_install", "-at_install")
class TestPlaces(MadeCase):
    """What a recall holds stays apart."""

    requirement = "ISO-8.3.3 C2"

    def test_recalled_goods_move_to_where_they_are_kept_apart_and_come_back_from_consignees(self):
        shelf, quarantine, press = (self.env["stock.location"].create({
            "name": name, "location_id": self.stock.id}) for name in ("Shelf", "Apart", "Press"))
        nine, ten, _eleven = self.made
        self.drawn({"lot_ids": [Command.set(nine.ids)]})
        self.env["med.zone"].search([("warehouse_id", "=", self.warehouse.id)]).unlink()
        self.move([(self.stent, nine, 1)], self.stock, shelf)
        self.env["med.zone"].create({"warehouse_id": self.warehouse.id, "state": "quarantine",
                                     "location_id": quarantine.id})
        with self.assertRaisesRegex(UserError, "a recall holds them"):
            self.move([(self.stent, nine, 1)], self.stock, shelf)
        self.move([(self.stent, nine, 1)], shelf, quarantine)
        press.med_recall_place = True
        self.move([(self.stent, nine, 1)], quarantine, press)
        self.move([(self.stent, nine, 1)], self.customers, self.stock, "in", self.hospitals[0])
        self.move([(self.stent, ten, 1)], self.stock, shelf)
        self.hold(ten)
        self.move([(self.stent, ten, 1)], self.stock, shelf)
