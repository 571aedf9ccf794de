import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AuditCase, AuditRpcCase

READERS = ("qa", "auditor", "regulatory", "system_admin")


@tagged("post_install", "-at_install")
class TestReading(AuditCase):
    """P11-10e-1 to -3, DI-ANX11: what happened to a record, in the reader's words."""

    requirement = "P11-10e-1 P11-10e-2 P11-10e-3 DI-ANX11"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Entry = cls.env["med.audit.entry"]
        cls.qa = cls.user("qa", name="Quinn")
        cls.germany, cls.china = cls.env.ref("base.de"), cls.env.ref("base.cn")
        with cls.person_of(cls.qa):
            cls.partner = cls.env["res.partner"].create({
                "name": "Acme", "country_id": cls.germany.id, "comment": "<p>One <b>two</b></p>"})
            cls.env.flush_all()

    @classmethod
    def person_of(cls, user):
        return AuditCase.person(cls, user)

    def history(self, user=None, record=None, **kw):
        record = record or self.partner
        self.env.flush_all()
        return self.Entry.with_user(user or self.qa).history(record._name, record.id, **kw)

    def changes(self, *names, **kw):
        """Return the changes of the newest entry, by field."""
        found = {change["field"]: change for change in self.history(**kw)["entries"][0]["changes"]}
        return found[names[0]] if names else found

    def audit(self, model):
        if model not in self.Entry._audited_models():
            self.env["med.audit.policy"].create({"model_id": self.env["ir.model"]._get_id(model)})

    # ------------------------------------------------------------------ words

    def test_values_are_those_of_the_field_in_words(self):
        self.partner.write({"country_id": self.china.id, "type": "delivery", "is_company": True})
        changes = self.changes()
        self.assertEqual(changes["country_id"]["label"], "Country")
        self.assertEqual((changes["country_id"]["old"], changes["country_id"]["new"]), (
            f"Germany (#{self.germany.id})", f"China (#{self.china.id})"))
        self.assertEqual((changes["type"]["old"], changes["type"]["new"]), ("Contact", "Delivery"))
        self.assertEqual((changes["is_company"]["old"], changes["is_company"]["new"]),
                         ("no", "yes"))

    def test_labels_are_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.model.fields"]._get("res.partner", "country_id").with_context(
            lang="fr_FR").field_description = "Pays d'essai"
        self.qa.lang = "fr_FR"
        self.partner.country_id = self.china
        self.env.flush_all()
        entries = self.Entry.with_user(self.qa).with_context(lang="fr_FR")
        [change] = [change for change in entries.history(
            "res.partner", self.partner.id)["entries"][0]["changes"]
            if change["field"] == "country_id"]
        self.assertEqual(change["label"], "Pays d'essai")

    def test_times_are_in_the_zone_of_the_reader_and_say_so(self):
        cron = self.env.ref("med_audit.ir_cron_seal")
        self.env.cr.execute("UPDATE ir_cron SET priority = 3 WHERE id = %s", [cron.id])
        attachment = self.env["ir.attachment"].create({"name": "x"})
        entries = self.Entry.with_context(tz="Asia/Shanghai")
        words = entries._render_entries([{
            **dict.fromkeys(self.Entry._history_rows(attachment, 1)[0]), "id": 1, "op": "U",
            "model": "ir.cron", "res_id": cron.id, "tbl": "ir_cron", "xid": 1,
            "at": cron.create_date, "old": '{"nextcall":"2026-01-01 00:00:00"}',
            "new": '{"nextcall":"2026-01-02 20:30:00.5"}'}])
        self.assertEqual(words[0]["changes"][0]["old"], "2026-01-01 08:00:00 +08:00")
        self.assertEqual(words[0]["changes"][0]["new"], "2026-01-03 04:30:00 +08:00")

    def test_html_is_shown_as_what_changed_in_its_text(self):
        self.partner.comment = "<p>One <b>three</b></p>"
        change = self.changes("comment")
        self.assertEqual(change["kind"], "text")
        self.assertIn(["-", "two"], change["diff"])
        self.assertIn(["+", "three"], change["diff"])
        self.assertNotIn("<b>", json.dumps(change))

    def test_each_language_of_a_translated_value_is_a_change(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        title = self.env["res.partner.industry"].create({"name": "Cooks"})
        self.audit("res.partner.industry")
        title.with_context(lang="fr_FR").name = "Cuisiniers"
        [change] = self.changes(record=title, user=self.env.ref("base.user_root")).values()
        self.assertIn("fr_FR", change["label"])
        self.assertEqual(change["new"], "Cuisiniers")

    def test_links_made_and_cut_name_what_they_lead_to(self):
        tag = self.env["res.partner.category"].create({"name": "Gold"})
        self.partner.category_id = tag
        made = self.history()["entries"][0]
        self.partner.category_id = False
        cut = self.history()["entries"][0]
        name = f"Gold (#{tag.id})"
        self.assertEqual((made["op_label"], made["changes"][0]["new"]), ("Linked", name))
        self.assertEqual((cut["op_label"], cut["changes"][0]["old"]), ("Unlinked", name))

    def test_what_is_named_and_gone_keeps_its_number(self):
        tag = self.env["res.partner.category"].create({"name": "Gold"})
        self.partner.category_id = tag
        self.env.flush_all()
        tag.unlink()
        links = [change for entry in self.history()["entries"] for change in entry["changes"]
                 if change["field"] == "category_id"]
        self.assertEqual({change["new"] or change["old"] for change in links},
                         {f"#{tag.id}, deleted since"})

    # ------------------------------------------------------------------ lines and attachments

    def test_lines_and_attachments_stand_in_the_history_also_when_deleted(self):
        self.audit("res.partner.bank")
        lines = self.env["res.partner.bank"].create([
            {"partner_id": self.partner.id, "acc_number": number} for number in ("A1", "B2")])
        attachment = self.env["ir.attachment"].create({
            "name": "plan.txt", "raw": b"x", "res_model": "res.partner",
            "res_id": self.partner.id})
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM res_partner_bank WHERE id = %s", [lines[0].id])
        attachment.unlink()
        self.env.invalidate_all()
        found = {(entry["model"], entry["op"], entry["res_id"])
                 for entry in self.history()["entries"]}
        self.assertIn(("res.partner.bank", "I", lines[1].id), found)
        self.assertIn(("res.partner.bank", "D", lines[0].id), found)
        self.assertIn(("ir.attachment", "D", attachment.id), found)
        deleted = next(entry for entry in self.history()["entries"]
                       if entry["op"] == "D" and entry["model"] == "ir.attachment")
        self.assertIn("plan.txt", deleted["line"])

    # ------------------------------------------------------------------ first entry

    def test_a_value_changed_after_first_entry_is_marked_and_a_first_one_is_not(self):
        old = self.env.ref("base.main_partner")  # made long before this transaction
        old.write({"country_id": self.germany.id, "phone": False, "function": False})
        self.env.flush_all()
        old.write({"country_id": self.china.id, "function": "1"})
        first = self.changes(record=old)
        self.assertTrue(first["country_id"]["after_first"])
        self.assertFalse(first["function"]["after_first"])
        old.function = False
        self.env.flush_all()
        old.function = "2"
        self.assertTrue(self.changes("function", record=old)["after_first"], "emptied, filled")
        self.assertTrue(self.changes("function", record=old, limit=1)["after_first"], "short page")

    def test_what_the_creating_transaction_writes_is_first_entry(self):
        self.partner.country_id = self.china
        self.assertFalse(self.changes("country_id")["after_first"])

    # ------------------------------------------------------------------ who

    def test_entry_says_who_when_whence_and_why(self):
        with self.person(self.qa, what="res.partner.write"):
            self.partner.with_context(
                med_reason="Moved", med_event_time="2026-01-02T03:04:05Z").phone = "5"
            entry = self.history()["entries"][0]
        self.assertEqual(
            (entry["who"], entry["login"], entry["origin"], entry["what"], entry["reason"]),
            ("Quinn", self.qa.login, "web", "res.partner.write", "Moved"))
        self.assertRegex(entry["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
        self.assertTrue(entry["late"])
        self.assertEqual(entry["event_at"], "2026-01-02T03:04:05Z")

    # ------------------------------------------------------------------ rights

    def test_whoever_may_read_the_record_may_read_its_history(self):
        viewer = self.user("viewer")
        self.partner.phone = "77"
        answer = self.history(viewer)
        self.assertIn("77", [change["new"] for change in answer["entries"][0]["changes"]])
        self.assertFalse(answer["searchable"])
        rule = self.env["ir.rule"].create({
            "name": "not this", "model_id": self.env["ir.model"]._get_id("res.partner"),
            "domain_force": f"[('id', '!=', {self.partner.id})]"})
        with self.assertRaises(AccessError):
            self.history(viewer)
        rule.unlink()

    def test_a_field_the_reader_may_not_read_is_counted_and_not_shown(self):
        field = self.env["res.partner"]._fields["function"]
        self.patch(field, "groups", "base.group_system")
        self.partner.write({"function": "secret", "street": "open"})
        entry = self.history(self.user("viewer"))["entries"][0]
        self.assertNotIn("secret", json.dumps(entry))
        self.assertEqual([change["field"] for change in entry["changes"]], ["street"])
        self.assertGreaterEqual(entry["withheld"], 1)

    def test_a_name_the_reader_may_not_read_is_a_number(self):
        tag = self.env["res.partner.category"].create({"name": "Hidden"})
        self.partner.category_id = tag
        self.env["ir.rule"].create({
            "name": "no tags", "domain_force": "[(0, '=', 1)]",
            "model_id": self.env["ir.model"]._get_id("res.partner.category")})
        text = json.dumps(self.history(self.user("viewer")))
        self.assertNotIn("Hidden", text)
        self.assertIn(f"#{tag.id}", text)

    def test_a_record_that_is_gone_is_for_those_who_search_the_trail(self):
        gone = self.partner
        gone.unlink()
        with self.assertRaises(AccessError):
            self.history(self.user("viewer"), record=gone)
        for role in READERS:
            user = self.qa if role == "qa" else self.user(role)
            self.assertEqual(self.history(user, record=gone)["entries"][0]["op"], "D", role)

    def test_portal_user_reads_no_history(self):
        portal = self.user("portal_dealer")
        with self.assertRaises(AccessError):
            self.Entry.with_user(portal).history("res.partner", portal.partner_id.id)

    def test_search_is_for_four_roles_and_own_companies(self):
        foreign = self.env["res.company"].create({"name": "Elsewhere"})
        partner = self.env["res.partner"].create({"name": "F", "company_id": foreign.id})
        self.env.flush_all()
        for role in ("viewer", "operator", "warehouse", "qa_release", ""):
            with self.assertRaises(AccessError):
                self.Entry.with_user(self.user(role)).search([], limit=1)
        domain = [("model", "=", "res.partner"), ("res_id", "=", partner.id)]
        for role in READERS:
            entries = self.Entry.with_user(self.qa if role == "qa" else self.user(role))
            self.assertTrue(entries.search([("res_id", "=", self.partner.id)], limit=1))
            self.assertFalse(entries.search(domain))

    # ------------------------------------------------------------------ paging and arguments

    def test_pages_join_without_gap_or_repetition(self):
        for number in range(5):
            self.partner.phone = str(number)
            self.env.flush_all()
        whole = [entry["id"] for entry in self.history()["entries"]]
        read, before = [], ""
        while True:
            answer = self.history(limit=2, before=before)
            read += [entry["id"] for entry in answer["entries"]]
            before = answer["next"]
            if not answer["more"]:
                break
        self.assertEqual(read, whole)
        self.assertEqual(whole, sorted(whole, key=int, reverse=True))

    def test_a_bad_argument_is_named(self):
        good = {"model": "res.partner", "res_id": self.partner.id}
        for bad, name in (
                ({"model": "no.model"}, "model"), ({"model": 3}, "model"),
                ({"model": "med.personal.mixin"}, "model"), ({"res_id": "1"}, "res_id"),
                ({"res_id": 0}, "res_id"), ({"limit": 0}, "limit"), ({"limit": 501}, "limit"),
                ({"limit": True}, "limit"), ({"before": "x"}, "before"),
                ({"before": "1;drop"}, "before"), ({"before": 5}, "before")):
            with self.subTest(bad=bad), self.assertRaisesRegex(UserError, name):
                self.Entry.history(**{**good, **bad})

    def test_no_query_is_made_for_a_single_entry(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.history()
            return self.env.cr.sql_log_count - before

        self.partner.phone = "0"
        self.history()
        few = count()
        for number in range(30):
            self.partner.write({"phone": str(number), "country_id":
                                (self.china if number % 2 else self.germany).id})
            self.env.flush_all()
        self.assertLessEqual(count(), few + 3)

    # ------------------------------------------------------------------ search screen

    def test_entries_are_found_by_the_name_of_their_record(self):
        found = self.Entry.with_user(self.qa).search([("subject", "ilike", "Acme")])
        self.assertIn(self.partner.id, found.mapped("res_id"))
        self.assertTrue(all("Acme" in entry.subject for entry in found
                            if entry.model == "res.partner"))

    def test_filter_finds_what_was_changed_after_first_entry(self):
        action = self.env.ref("med_audit.med_audit_entry_view_search").arch
        self.assertIn("Changed after first entry", action)
        self.partner.street = "a"
        self.env.flush_all()
        domain = ["|", ("op", "=", "D"), "&", ("op", "=", "U"), ("old", "like", '":"'),
                  ("res_id", "=", self.partner.id), ("model", "=", "res.partner")]
        before = self.Entry.search_count(domain)
        self.partner.street = 'b ":" c'
        self.env.flush_all()
        self.assertEqual(self.Entry.search_count(domain), before + 1)

    def test_audited_models_have_the_trail_in_their_action_menu(self):
        bindings = self.env["ir.actions.actions"].with_user(self.user("viewer"))
        names = [action["name"] for action in bindings.get_bindings("res.partner")["action"]]
        self.assertIn("Audit trail", names)
        self.assertNotIn("Audit trail", [
            action["name"] for action in bindings.get_bindings("res.country").get("action", ())])

    def test_entry_form_shows_the_exact_text(self):
        entry = self.Entry.search([("res_id", "=", self.partner.id)], limit=1)
        self.assertTrue(entry.body.startswith('["med-audit/1"'))
        self.assertEqual(entry.action_record_history()["context"]["active_id"], self.partner.id)

    def test_dashboard_counts_and_warns(self):
        answer = self.Entry.with_user(self.qa).dashboard()
        self.assertGreater(answer["today"], 0)
        self.assertEqual(answer["today"], sum(row["count"] for row in answer["origins"]))
        self.assertIn("verification", [alarm["key"] for alarm in answer["alarms"]])
        self.env.cr.execute("ALTER TABLE res_partner DISABLE TRIGGER med_audit_capture")
        alarms = {alarm["key"]: alarm["text"] for alarm in self.Entry.dashboard()["alarms"]}
        self.assertIn("res_partner", alarms["triggers"])
        with self.assertRaises(AccessError):
            self.Entry.with_user(self.user("viewer")).dashboard()


@tagged("post_install", "-at_install")
class TestReadingRpc(AuditRpcCase):
    """P11-10b, P11-10e-3: the trail over JSON-2, as another program reads it."""

    requirement = "P11-10b P11-10e-3"

    def test_history_and_export_over_json2(self):
        partner = self.env["res.partner"].create({
            "name": "Acme", "category_id": [Command.create({"name": "Gold"})]})
        self.env.flush_all()
        qa, viewer = self.user("qa"), self.user("viewer")
        answer = self.json2(viewer, "med.audit.entry", "history", model="res.partner",
                            res_id=partner.id)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertNotIn("null", answer.text)
        self.assertTrue(answer.json()["entries"])
        answer = self.json2(qa, "med.audit.entry", "export", form="csv", model="res.partner",
                            res_id=partner.id)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(len(self.entries(partner, event="export")), 1)
        with mute_logger("odoo.http"):
            answer = self.json2(viewer, "med.audit.entry", "export", form="csv",
                                model="res.partner", res_id=partner.id)
        self.assertEqual(answer.status_code, 403)
