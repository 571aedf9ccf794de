import runpy
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests.common import tagged
from odoo.tools import SQL, file_path, mute_logger
from psycopg2 import IntegrityError

from .common import GoodsExchangeCase
from .test_inbound import amount


@tagged("post_install", "-at_install")
class TestStatement(GoodsExchangeCase):
    """Who keeps goods of ours says what he has; it is compared, and nothing is changed."""

    requirement = "X2 X5 CN-GSP-10"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.place = cls.stock.create({"name": "Third Party", "location_id": cls.stock.id,
                                      "barcode": "3PL-1", "usage": "internal"})
        cls.lots = cls.in_stock(cls.stent, "A-1", "A-2")
        cls.move([(cls.stent, lot, 6) for lot in cls.lots], cls.stock, cls.place)

    def now(self, **delta):
        return fields.Datetime.add(fields.Datetime.now(), **delta).isoformat() + "Z"

    def statement(self, *rows, **changes):
        return {"number": "ST-7", "place": "3PL-1", "complete": True, "time": self.now(),
                "lines": [{"product": "ST-1", "lot": name, "quantity": amount(quantity)}
                          for name, quantity in rows], **changes}

    def test_what_is_the_same_asks_nobody(self):
        found = self.apply("stock_statement", self.statement(("A-1", "6"), ("A-2", "6")))
        self.assertEqual((found.state, found.difference_count), ("same", 0))
        self.assertFalse(found.activity_ids)

    def test_it_is_compared_with_the_stock_of_its_time(self):
        counted = self.now(minutes=1)
        self.clock.tick(timedelta(hours=8))
        self.move([(self.stent, self.lots[0], 2)], self.place, self.stock)   # shipped since
        self.move([(self.stent, self.lots[1], 3)], self.stock, self.place)   # came since
        inner = self.place.create({"name": "Bin", "location_id": self.place.id,
                                   "usage": "internal"})
        self.move([(self.stent, self.lots[0], 1)], self.place, inner)  # within: nothing of it
        loose = self.product("Loose", tracking="none", is_storable=False)
        self.move([(loose, None, 5)], self.stock, self.place)  # of which no stock is kept
        night = self.statement(("A-1", "6"), ("A-2", "6"), time=counted)
        found = self.apply("stock_statement", night)
        self.assertEqual((found.state, len(found.line_ids)), ("same", 2), found.line_ids.read())
        found = self.apply("stock_statement", self.statement(
            ("A-1", "4"), ("A-2", "9"), number="ST-8"))
        self.assertEqual(found.state, "same")
        found = self.apply("stock_statement", {**night, "number": "ST-9", "lines": [
            {**night["lines"][0], "quantity": amount("4")}]})
        self.assertEqual(sorted(found.line_ids.mapped("ours")), [6, 6])
        self.assertEqual(found.state, "differs")

    def test_what_is_said_of_status_and_expiry_is_compared(self):
        self.lots.expiration_date = "2028-06-30 00:00:00"
        for number, (state, more) in enumerate((
                ("same", {"status": "unrestricted", "expires": "2028-06-30T08:00:00Z"}),
                ("same", {"status": "in rack 7"}), ("same", {"status": "合格"}),
                ("same", {"status": "released"}), ("differs", {"status": "blocked"}),
                ("differs", {"status": "quarantine"}), ("differs", {"status": "待验"}),
                ("differs", {"expires": "2020-01-01T00:00:00Z"}))):
            told = self.statement(("A-1", "6"), ("A-2", "6"), number=f"ST-{number}")
            told["lines"][0].update(more)
            found = self.apply("stock_statement", told)
            self.assertEqual((more, found.state), (more, state))
            self.assertEqual(found.difference_count, int(state == "differs"))
        self.hold(self.lots[0])
        self.assertEqual(self.lots[0].med_status, "released")
        for word in ("available", "released"):  # another's word for it, and our own
            told = self.statement(("A-1", "6"), ("A-2", "6"), number=f"HELD-{word}")
            told["lines"][0]["status"] = word
            found = self.apply("stock_statement", told)
            self.assertEqual((word, found.state, found.line_ids.filtered("differs").lot_name),
                             (word, "differs", "A-1"))

    def test_a_number_is_one_statement_whatever_its_code(self):
        self.apply("stock_statement", self.statement(("A-1", "6"), ("A-2", "6")), object_id="X-1")
        self.assertRefused("/number", "here already", "stock_statement",
                           self.statement(("A-1", "5")), object_id="X-2")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), \
                self.env.cr.savepoint():
            self.env.cr.execute("""
                INSERT INTO med_stock_statement (name, exchange_partner_id, company_id,
                    location_id, moment, state)
                SELECT name, exchange_partner_id, company_id, location_id, moment, state
                  FROM med_stock_statement WHERE exchange_partner_id = %s""", [self.mes.id])

    def test_numbers_sent_twice_before_the_index_are_told_apart_by_the_upgrade(self):
        first, second, back = (self.apply("stock_statement", self.statement(
            ("A-1", "6"), ("A-2", "6"), number=f"OLD-{number}")) for number in range(3))
        self.env.flush_all()
        index = "med_stock_statement_standing_uniq"
        self.env.cr.execute(SQL("SELECT indexdef FROM pg_indexes WHERE indexname = %s", index))
        [[defined]] = self.env.cr.fetchall()
        self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(index)))
        self.env.cr.execute(SQL(
            "UPDATE med_stock_statement SET name = 'OLD' WHERE id = ANY(%s)",
            [first.id, second.id, back.id]))
        self.env.cr.execute(SQL(
            "UPDATE med_stock_statement SET state = 'withdrawn' WHERE id = %s", back.id))
        script = runpy.run_path(file_path(
            "med_exchange_goods/migrations/19.0.1.1.0/pre-number_statements.py"),
            run_name="odoo.addons.med_exchange_goods.migrations")
        for _time in range(2):  # a second run finds nothing
            script["migrate"](self.env.cr, "19.0.1.0.0")
            self.env.invalidate_all()
            self.assertEqual([one.name for one in (first, second, back)],
                             [f"OLD#{first.id}", "OLD", "OLD"])
        self.env.cr.execute(defined)  # the index can be made now

    def test_a_statement_that_does_not_come_is_asked_for_once(self):
        watch = self.env["med.exchange.partner"]._cron_watch
        summary = "No statement of stock from Plant-Mes"

        def alarms():
            return self.mes.activity_ids.filtered(lambda one: one.summary == summary)

        watch()
        self.assertFalse(alarms())
        self.mes.statement_limit = 26
        self.clock.tick(timedelta(hours=25))
        watch()
        self.assertFalse(alarms())
        self.clock.tick(timedelta(hours=2))
        watch()
        watch()
        self.assertEqual((len(alarms()), self.mes.statement_late), (1, True))
        self.assertIn("None has come yet; one is expected every 26 hours", alarms().note)
        alarms().unlink()
        self.apply("stock_statement", self.statement(("A-1", "6"), ("A-2", "6")))
        watch()
        self.assertFalse(alarms() or self.mes.statement_late)
        self.clock.tick(timedelta(hours=27))
        watch()
        self.assertEqual(len(alarms()), 1)
        self.assertIn("The last one is as of 2026-03-", alarms().note)

    def test_that_a_statement_is_late_is_told_in_the_language_of_whoever_is_told(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.mes.statement_limit = 26
        self.mes.responsible_id.lang = "zh_CN"
        self.clock.tick(timedelta(hours=27))
        self.env["med.exchange.partner"].with_context(lang="en_US")._cron_watch()
        [alarm] = self.mes.activity_ids.filtered(lambda one: "库存报表" in one.summary)
        self.assertIn("每 26 小时", alarm.note)

    def test_a_long_statement_asks_no_query_a_row(self):
        names = [f"N-{number}" for number in range(40)]
        lots = self.in_stock(self.stent, *names)
        self.move([(self.stent, lot, 1) for lot in lots], self.stock, self.place)
        self.env.flush_all()
        self.env.invalidate_all()
        counts = []
        for number, some in enumerate((names[:4], names)):
            before = self.env.cr.sql_log_count
            self.apply("stock_statement", self.statement(
                *((name, "1") for name in some), complete=False, number=f"LONG-{number}"))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] + 10, counts)

    def test_what_an_incomplete_statement_leaves_out_is_not_missing(self):
        found = self.apply("stock_statement", self.statement(("A-1", "6"), complete=False))
        self.assertEqual((found.state, len(found.line_ids)), ("same", 1))

    def test_bins_of_one_lot_add_up_and_owners_do_not(self):
        told = self.statement(("A-1", "2"), ("A-1", "4"), ("A-2", "6"))
        self.assertEqual(self.apply("stock_statement", told).state, "same")
        self.hospital.ref = "HOS-1"
        told["lines"][1]["owner"] = "HOS-1"
        found = self.apply("stock_statement", {**told, "number": "ST-8"})
        self.assertEqual(sorted(found.line_ids.filtered("differs").mapped("difference")), [-4, 4])

    def test_differences_are_listed_lot_by_lot_and_no_stock_changes(self):
        before = self.env["stock.quant"].search([]).mapped("quantity")
        found = self.apply("stock_statement", self.statement(("A-1", "5"), ("B-9", "1")))
        self.assertEqual(found.state, "differs")
        self.assertEqual(sorted((line.lot_name, line.theirs, line.ours, line.difference)
                                for line in found.line_ids),
                         [("A-1", 5, 6, -1), ("A-2", 0, 6, -6), ("B-9", 1, 0, 1)])
        self.assertEqual(found.activity_ids.user_id, self.mes.responsible_id)
        self.assertEqual(self.env["stock.quant"].search([]).mapped("quantity"), before)
        told = self.export("stock_statement", found)[found.id]
        self.assertEqual([line["lot"] for line in told["lines"]], ["A-1", "B-9"])

    def test_a_statement_is_kept_as_it_was_sent_and_explained_once(self):
        found = self.apply("stock_statement", self.statement(("A-1", "5")))
        keeper = found.with_user(self.user("warehouse"))
        for write in ({"state": "same"}, {"moment": "2026-01-01"}):
            with self.assertRaises(AccessError):
                keeper.write(write)
        with self.assertRaises(AccessError):
            found.line_ids.sudo().write({"theirs": 6})
        with self.assertRaises(AccessError):
            self.env["med.stock.statement"].sudo().create({
                "name": "X", "exchange_partner_id": self.mes.id, "state": "same",
                "company_id": self.company.id, "location_id": self.place.id,
                "moment": "2026-03-02"})
        with self.assertRaises(UserError):
            found.sudo().unlink()
        with self.assertRaises(UserError):
            keeper.explain(explanation=" ")
        keeper.explain(explanation="Counted wrongly there")
        self.assertEqual(found.state, "explained")
        with self.assertRaises(UserError):
            keeper.explain(explanation="Again")
        with self.assertRaises(AccessError):
            found.with_user(self.user("viewer")).explain(explanation="x")

    def test_only_places_in_the_partners_hands_are_stated(self):
        told = self.statement(("A-1", "6"))
        self.assertRefused("/place", "no place", "stock_statement", told, self.dealer)
        warehouse = self.env["stock.warehouse"].create({
            "name": "Dealer", "code": "DLR", "partner_id": self.hospital.id})
        warehouse.lot_stock_id.barcode = "3PL-2"
        found = self.apply("stock_statement", {**told, "place": "3PL-2"}, self.dealer)
        self.assertEqual(found.location_id, warehouse.lot_stock_id)
        self.assertTrue(self.knows(self.dealer, "stock_statement", found))
        self.assertFalse(self.knows(self.processor, "stock_statement", found))

    def test_a_wrong_statement_is_refused(self):
        wrong = self.statement(("A-1", "6"))
        for pointer, text, more in (
                ("/place", "no place", {"place": "NOWHERE"}),
                ("/lines/0/owner", "not known", {"lines": [
                    {**wrong["lines"][0], "owner": "NOBODY"}]}),
                ("/time", "as of when", {"time": "2027-01-01T00:00:00Z"}),
                ("/lines/0/lot", "not seen", {"lines": [
                    {**wrong["lines"][0], "lot": "A-1\u200b"}]}),
                ("/lines/0/product", "not known", {"lines": [
                    {"product": "NONE", "quantity": amount("1")}]}),
                ("/lines/0/quantity/unit", "cannot be converted", {"lines": [
                    {"product": "ST-1", "lot": "A-1", "quantity": amount("1", "m")}]})):
            self.assertRefused(pointer, "(?i)" + text, "stock_statement", {**wrong, **more})

    def test_a_statement_that_is_taken_back_is_kept_as_withdrawn(self):
        found = self.apply("stock_statement", self.statement(("A-1", "5")))
        handler = self.handler("stock_statement")
        handler._med_compensate(self.mes, found.with_env(handler.env), {}, None)
        self.assertEqual(found.state, "withdrawn")
        self.assertFalse(found.activity_ids)
        # The right one may come under the same number and code, and only once.
        right = self.apply("stock_statement", self.statement(("A-1", "6"), ("A-2", "6")),
                           record=found)
        self.assertEqual((right.state, right.name, right != found), ("same", found.name, True))
        self.assertRefused("/number", "here already", "stock_statement",
                           self.statement(("A-1", "6")), record=found)
        self.assertRefused("/number", "here already", "stock_statement",
                           self.statement(("A-1", "6"), number="ST-8"), record=right)
