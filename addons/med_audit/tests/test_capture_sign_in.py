import xmlrpc.client

from odoo.addons.base.models.res_users import ResUsers as CoreUsers
from odoo.exceptions import AccessDenied
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import person
from .common import AuditRpcCase

QUIET = mute_logger("odoo.addons.rpc.controllers.xmlrpc", "odoo.addons.rpc.controllers.jsonrpc",
                    "odoo.http", "odoo.addons.base.models.res_users")


@tagged("post_install", "-at_install")
class TestCaptureSignIn(AuditRpcCase):
    """Who came in, who was refused, and who acts over each protocol."""

    requirement = "P11-10e-1 P11-300d P11-10d"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.user("qa", password="correct horse battery")
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        # What is written over a cursor of its own is rolled back with the cursor around it in a
        # test (tests/faults has a real server): here it counts that it was asked for.
        self.refused = []
        Entry = self.env.registry["med.audit.entry"]

        def record_event(entry, kind, record=None, payload=None, own_cursor=False):
            if own_cursor:
                self.refused.append((kind, payload, person.current()))
                return 0
            return core(entry, kind, record, payload)

        core = Entry._record_event
        self.patch(Entry, "_record_event", record_event)

    def events(self, kind):
        self.env.cr.execute("SELECT * FROM med_audit_entry WHERE event = %s ORDER BY id", [kind])
        return self.env.cr.dictfetchall()

    def test_sign_in_over_the_web_is_an_event(self):
        before = len(self.events("sign_in"))
        self.authenticate(None, None)
        self.url_open("/web/session/authenticate", json={"params": {
            "db": self.env.cr.dbname, "login": self.clerk.login,
            "password": "correct horse battery"}})
        [event] = self.events("sign_in")[before:]
        self.assertEqual((event["model"], event["res_id"]), ("res.users", self.clerk.id))

    def test_second_factor_is_an_event(self):
        def accept(user, credential, env):
            return {"uid": user.id, "auth_method": "badge", "mfa": "default"}

        self.patch(CoreUsers, "_check_credentials", accept)
        clerk = self.clerk.with_user(self.clerk)
        clerk._check_credentials({"type": "badge"}, {"interactive": True})
        [event] = self.entries(self.clerk, event="credential_accepted")
        self.assertEqual(event["new"]["method"], "badge")

    @QUIET
    def test_refused_sign_in_is_an_event_with_the_login_that_was_tried(self):
        for login in (self.clerk.login, "nobody"):
            self.url_open("/web/session/authenticate", json={"params": {
                "db": self.env.cr.dbname, "login": login, "password": "wrong"}})
            kind, payload, who = self.refused[-1]
            self.assertEqual((kind, payload), ("sign_in_refused", {"login": login}))
            self.assertEqual((who.uid, who.ip), (None, "127.0.0.1"))
        self.assertEqual(len(self.refused), 2)

    @QUIET
    def test_refused_calls_of_programs_are_events(self):
        with self.assertRaises(xmlrpc.client.Fault):
            self.xmlrpc_object.execute_kw(self.env.cr.dbname, self.clerk.id, "wrong",
                                          "res.partner", "search", [[]])
        response = self.url_open("/json/2/res.partner/search", json={"domain": []},
                                 headers={"Authorization": "Bearer 0123456789abcdef"})
        self.assertEqual(response.status_code, 401)
        self.assertEqual([payload for _kind, payload, _who in self.refused],
                         [{"login": str(self.clerk.id)}, {"key": "01234567"}])
        self.assertEqual([who.origin for _kind, _payload, who in self.refused], ["rpc", "json2"])

    @QUIET
    def test_xmlrpc_call_is_that_of_its_user_with_the_method(self):
        for _cached in range(2):
            self.xmlrpc_object.execute_kw(
                self.env.cr.dbname, self.clerk.id, "correct horse battery", "res.users",
                "write", [self.clerk.ids, {"signature": f"<p>{_cached}</p>"}])
            entry = self.entries(self.clerk, "U")[-1]
            self.assertEqual((entry["user_id"], entry["origin"], entry["what"], entry["login"]),
                             (self.clerk.id, "rpc", "res.users.write", self.clerk.login))

    def test_json2_call_names_the_key(self):
        self.json2(self.clerk, "res.users", "write", ids=self.clerk.ids,
                   vals={"signature": "<p>x</p>"})
        entry = self.entries(self.clerk, "U")[-1]
        self.assertEqual((entry["user_id"], entry["origin"], entry["what"]),
                         (self.clerk.id, "json2", "res.users.write"))
        self.env.cr.execute("SELECT body::json -> 11 ->> 'key' FROM med_audit.entry WHERE id = %s",
                            [entry["id"]])
        self.assertEqual(self.env.cr.fetchone(), ("test",))

    @QUIET
    def test_a_json2_call_by_get_is_told_what_it_should_have_been(self):
        response = self.url_open("/json/2/res.users/search")
        self.assertEqual(response.status_code, 404, response.text)
        self.assertIn("POST", response.text)

    def test_hostile_context_over_rpc_neither_silences_nor_disguises(self):
        before = len(self.entries(self.clerk, "U"))
        response = self.json2(
            self.clerk, "res.users", "write", ids=self.clerk.ids,
            vals={"signature": "<p>hostile</p>"},
            context={"uid": 1, "med_audit_uid": 1, "tracking_disable": True, "_force_unlink": True,
                     "install_mode": True, "med_audit": {"uid": 1}, "module": "med_audit"},
        )
        self.assertEqual(response.status_code, 200, response.text)
        [entry] = self.entries(self.clerk, "U")[before:]
        self.assertEqual(entry["user_id"], self.clerk.id)

    def test_entries_are_not_changed_over_rpc(self):
        admin = self.user("system_admin,qa")
        entry = self.env["med.audit.entry"].search([], limit=1)
        for method, arguments in (
            ("write", {"ids": entry.ids, "vals": {"reason": "x"}}),
            ("unlink", {"ids": entry.ids, "context": {"_force_unlink": True}}),
            ("create", {"vals_list": [{"model": "res.partner"}]}),
            ("_record_event", {"kind": "x"}),
        ):
            with self.subTest(method=method), mute_logger("odoo.http", "odoo.sql_db"):
                response = self.json2(admin, "med.audit.entry", method, **arguments)
                self.assertIn(response.status_code, (403, 404, 422), response.text)

    def test_check_of_a_wrong_password_outside_a_request_is_refused_as_ever(self):
        with self.assertRaises(AccessDenied):
            self.env["res.users"]._check_uid_passwd(self.clerk.id, "")
