import json

from odoo.addons.med_base.tests.common import MedCase, MedRpcCase

from ..models import person


class AuditReading:
    """What tests of the trail need: the entries of a record, and a person who acts."""

    def entries(self, record, op="", event=""):
        """Return the entries of ``record``, oldest first, as dicts with ``old`` and ``new`` read.

        Of an empty recordset: those about its model and no record.

        :param op: only those whose action is one of these letters
        :param event: only events of this kind
        """
        self.env.flush_all()
        self.env.cr.execute("""
            SELECT * FROM med_audit_entry
             WHERE model = %s AND res_id IS NOT DISTINCT FROM %s AND (%s = '' OR strpos(%s, op) > 0)
               AND (%s = '' OR event = %s) ORDER BY id""",
            [record._name, record.id or None, op, op, event, event])
        return [{**row, "old": json.loads(row["old"] or "{}"),
                 "new": json.loads(row["new"] or "{}")} for row in self.env.cr.dictfetchall()]

    def person(self, user, **details):
        """Return a block in which ``user`` acts, as over the web client unless said otherwise."""
        details = {"origin": "web", "login": user.login, **details}
        return person.acting(self.env.cr, person.Person(uid=user.id, **details))


class AuditCase(AuditReading, MedCase):
    """Base of database tests of the audit trail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        person.bind(cls.env.cr, person.Person(login="test", origin="shell"))


class AuditRpcCase(AuditReading, MedRpcCase):
    """Base of tests that go through HTTP."""
