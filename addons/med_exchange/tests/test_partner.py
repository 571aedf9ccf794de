from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Datetime
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..exceptions import EnvelopeError, Refused
from ..models.med_exchange_handler import Item
from ..tools import signing
from .common import ExchangeCase
from .test_submit import InboxCase


class TestPartner(ExchangeCase):
    """Partners, their rights and keys (P11-30, X1, X6, V8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mes = cls.partner_of("PLANT-MES")
        cls.admin = cls.user("system_admin")

    def test_a_code_is_unique_and_of_visible_capitals(self):
        for code in ("plant", "P", "P MES", "P" * 33, "-MES"):
            with self.assertRaises(ValidationError, msg=code):
                self.mes.code = code

    def test_its_user_reads_no_record_and_calls_only_as_that_partner(self):
        user = self.mes.user_id
        self.assertTrue(user.share)
        with self.assertRaises(AccessError):
            self.env["med.exchange.partner"].with_user(user).search([])
        self.assertEqual(self.env["med.exchange"].with_user(user)._med_partner(), self.mes)
        with self.assertRaises(AccessError):
            self.env["med.exchange"].with_user(self.user("qa"))._med_partner()

    def test_its_user_may_do_with_every_model_what_everybody_may_and_nothing_more(self):
        user = self.mes.user_id
        for right in ("read", "write", "create", "unlink"):
            open_to_all = set(self.env["ir.model.access"].search([
                ("group_id", "=", False), (f"perm_{right}", "=", True)]).model_id.mapped("model"))
            given = {name for name, model in self.env.items() if not model._abstract
                     and not model._transient and model.with_user(user).has_access(right)}
            self.assertLessEqual(given, open_to_all, right)

    def test_a_suspended_partner_does_not_get_in(self):
        self.mes.suspend()
        with self.assertRaisesRegex(AccessError, "not active"):
            self.env["med.exchange"].with_user(self.mes.user_id)._med_partner()

    def test_only_a_bare_exchange_user_may_be_its_user(self):
        with self.assertRaises(ValidationError):
            self.mes.user_id = self.user("viewer")

    def test_two_partners_never_share_a_user(self):
        other = self.partner_of("OTHER")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            other.user_id = self.mes.user_id
            other.flush_recordset()

    def test_a_partner_that_must_sign_needs_a_key_before_it_is_active(self):
        self.mes.suspend()
        self.mes.key_ids.revoke()
        with self.assertRaisesRegex(UserError, "must sign"):
            self.mes.activate()

    def test_partner_and_key_are_not_deleted(self):
        for record in (self.mes.key_ids, self.mes):
            with self.assertRaises(UserError):
                record.unlink()

    def test_a_right_needs_a_handler_and_a_filter_that_the_model_has(self):
        with self.assertRaisesRegex(ValidationError, "Nothing here handles"):
            self.right(self.mes, "nothing")
        for domain in ("[('no_such', '=', 1)]", "not a domain", "[(1, 2)]"):
            with self.assertRaises(ValidationError, msg=domain), self.cr.savepoint():
                self.right(self.mes, direction="out", domain=domain)

    def test_a_signature_counts_only_by_a_key_in_force(self):
        good = self.envelope(self.mes)
        self.mes._med_verify(good)
        other = self.partner_of("OTHER")
        bad = {
            "changed": {**good, "payload": {"name": "Other"}},
            "unsigned": {name: good[name] for name in good if name != "signature"},
            "of another": self.sealed(other, {
                name: good[name] for name in good if name not in ("digest", "signature")}),
            "of no key": {**good, "signature": {**good["signature"], "key": "none"}},
            "of another algorithm": {**good, "signature": {
                **good["signature"], "algorithm": "hmac-sha256"}},
            "no base64": {**good, "signature": {**good["signature"], "value": "§"}},
            "no text": {**good, "signature": {**good["signature"], "value": None}}}
        for case, data in bad.items():
            with self.assertRaises(EnvelopeError, msg=case):
                self.mes._med_verify(data)
        for values in ({"valid_to": Datetime.now() - timedelta(hours=1)},
                       {"valid_to": False, "valid_from": Datetime.now() + timedelta(hours=1)},
                       {"valid_from": Datetime.now(), "revoked_at": Datetime.now()}):
            self.mes.key_ids.write(values)
            with self.assertRaises(EnvelopeError, msg=str(values)):
                self.mes._med_verify(good)

    def test_keys_overlap_while_they_are_changed(self):
        old = self.envelope(self.mes)
        self.env["med.exchange.key"].create({
            "exchange_partner_id": self.mes.id, "name": "second",
            "public_key": signing.public_of(signing.new_secret(signing.ED25519))})
        self.mes._med_verify(old)

    def test_what_we_sign_our_own_key_verifies(self):
        for algorithm in signing.ALGORITHMS:
            key = self.env["med.exchange.key"].create({
                "exchange_partner_id": self.mes.id, "name": algorithm, "purpose": "ours",
                "algorithm": algorithm, "valid_from": Datetime.now()})
            told = key.make_secret()
            data = self.mes._med_sign({"spec": "med-exchange/1", "id": "1"})
            self.assertEqual(data["signature"]["key"], algorithm)
            self.assertIn("digest", data)
            self.assertEqual("secret" in told, algorithm == signing.HMAC)
            key.revoke()
        self.assertNotIn("signature", self.mes._med_sign({"id": "2"}))

    def test_no_client_reads_or_writes_a_secret(self):
        key = self.env["med.exchange.key"].create({
            "exchange_partner_id": self.mes.id, "name": "shared", "algorithm": signing.HMAC})
        secret = key.with_user(self.admin).make_secret()["secret"]
        with self.assertRaises(AccessError):
            key.with_user(self.admin).read(["secret"])
        with self.assertRaises(UserError):
            key.with_user(self.admin).write({"secret": secret})
        made = self.env["med.exchange.key"].with_user(self.admin)
        with self.assertRaises(AccessError):
            made.create({"exchange_partner_id": self.mes.id, "name": "x", "secret": secret})
        with self.assertRaises(AccessError):
            self.mes.with_user(self.admin).read(["token"])
        self.mes.with_user(self.admin).set_token("abc")
        self.assertTrue(self.mes.with_user(self.admin).has_token)

    def test_a_secret_is_typed_in_a_form_and_shown_once_when_made(self):
        key = self.env["med.exchange.key"].with_user(self.admin).create({
            "exchange_partner_id": self.mes.id, "name": "typed", "algorithm": signing.HMAC})
        for wrong in ("short", "QUJD"):
            with self.assertRaises(UserError):
                key.new_secret = wrong
        key.new_secret = signing.new_secret(signing.HMAC)
        self.assertTrue(key.usable)
        self.assertFalse(key.new_secret)
        ours = self.env["med.exchange.key"].with_user(self.admin).create({
            "exchange_partner_id": self.mes.id, "name": "ours", "purpose": "ours"})
        shown = ours.show_new_secret()["params"]["message"]
        self.assertEqual(shown, ours.public_key)
        with self.assertRaises(UserError):
            ours.show_new_secret()

    def test_an_api_key_lets_in_until_it_is_ended(self):
        mes = self.mes.with_user(self.admin)
        key = mes.make_api_key(days=30)["api_key"]
        keys = self.env["res.users.apikeys"]
        self.assertEqual(keys._check_credentials(scope="rpc", key=key), self.mes.user_id.id)
        self.assertEqual(mes.show_new_api_key()["params"]["type"], "info")
        mes.end_api_keys()
        self.assertFalse(keys._check_credentials(scope="rpc", key=key))
        for days in (0, -1, 1099, 1.5, True, "9"):
            with self.assertRaises(UserError, msg=days):
                mes.make_api_key(days=days)
        for method in ("make_api_key", "end_api_keys", "make_user", "show_new_api_key"):
            for role in ("qa", "viewer"):
                with self.assertRaises(AccessError, msg=f"{method} {role}"):
                    getattr(self.mes.with_user(self.user(role, login=f"{method}-{role}")), method)()

    def test_a_key_stays_what_it_is(self):
        key = self.mes.key_ids.with_user(self.admin)
        for values in ({"name": "x"}, {"algorithm": "hmac-sha256"}, {"public_key": "A" * 43 + "="}):
            with self.assertRaisesRegex(UserError, "stays what it is"):
                key.write(values)
        with self.assertRaises(ValidationError):
            self.env["med.exchange.key"].create({
                "exchange_partner_id": self.mes.id, "name": "short", "public_key": "QUJD"})


    def test_a_revoked_key_stays_revoked(self):
        key = self.mes.key_ids.with_user(self.admin)
        key.revoke()
        for value in (False, "2030-01-01 00:00:00"):
            with self.assertRaisesRegex(UserError, "stays revoked"):
                key.write({"revoked_at": value})
        self.assertFalse(key.usable)


class TestFixed(InboxCase):
    """A partner that was heard keeps its code and company (P11-10e)."""

    requirement = "X6 P11-10e"

    def test_code_and_company_stay_once_messages_came(self):
        other = self.env["res.company"].search([("id", "!=", self.lims.company_id.id)], limit=1)
        self.lims.code = "LIMS-2"
        self.lims.code = "LIMS"
        self.submit(self.said(1))
        for vals in ({"code": "LIMS-2"}, {"company_id": other.id}):
            with self.assertRaisesRegex(UserError, "its code and company stay"):
                self.lims.write(vals)
        self.lims.write({"code": "LIMS", "company_id": self.lims.company_id.id, "name": "Lab"})
        self.assertEqual((self.lims.code, self.lims.name), ("LIMS", "Lab"))


class TestOrganisation(ExchangeCase):
    """What the handler of organisations writes, and takes back (X2, X4)."""

    def test_what_is_applied_is_what_is_exported(self):
        mes = self.partner_of("PLANT-MES")
        handler = self.env["med.exchange.handler"]._med_handler("organisation").with_env(
            mes._med_env())
        told = {"name": "Hospital", "code": "H-9", "is_company": True, "kind": "delivery",
                "city": "Suzhou", "country": "CN", "latitude": "31.2990000"}
        [record] = handler._med_apply(mes, [Item("H-9", told, self.env["res.partner"])])
        self.assertEqual(handler._med_export(record)[record.id], told)
        self.assertEqual(record.create_uid, mes.user_id)
        self.assertEqual(handler._med_find(mes, ["H-9"]), {"H-9": record})

    def test_ourselves_users_and_other_partners_are_not_changed_by_messages(self):
        mes, other = self.partner_of("PLANT-MES"), self.partner_of("DEALER")
        handler = self.env["med.exchange.handler"]._med_handler("organisation").with_env(
            mes._med_env())
        Partner = self.env["res.partner"]
        ours = self.env.company.partner_id
        ours.ref = "OURS"
        archived = self.user("viewer")
        archived.active = False
        told = {"name": "Taken over", "email": "thief@example.com"}
        for record in (ours, Partner.create({"name": "Desk", "parent_id": ours.id}),
                       archived.partner_id, mes.user_id.partner_id, other.partner_id,
                       Partner.create({"name": "Ward", "parent_id": other.partner_id.id})):
            before = record.name
            with self.subTest(record=before), self.assertRaises(Refused) as caught:
                handler._med_apply(mes, [Item("X", told, record.with_env(handler.env))])
            self.assertEqual(caught.exception.problem.pointer, "")
            self.assertEqual(record.name, before)
        with self.assertRaises(Refused) as caught:
            handler._med_apply(mes, [Item("X", {**told, "parent": "OURS"}, Partner)])
        self.assertEqual(caught.exception.problem.pointer, "/parent")
        handler._med_apply(mes, [Item("X", told, mes.partner_id.with_env(handler.env))])
        self.assertEqual(mes.partner_id.name, "Taken over")
