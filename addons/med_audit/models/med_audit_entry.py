import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import store


class MedAuditEntry(models.Model):
    """One entry of the audit trail, read from the store outside the ORM.

    ``id`` may go beyond 32 bits: public methods pass it as text.
    """

    _name = "med.audit.entry"
    _description = "Audit Trail Entry"
    _auto = False
    _order = "id desc"
    _rec_name = "id"

    at = fields.Datetime("Entered", readonly=True)
    xid = fields.Integer("Transaction", readonly=True)
    op = fields.Selection(
        [("I", "Created"), ("U", "Changed"), ("D", "Deleted"), ("S", "As Found"), ("E", "Event")],
        string="Action", readonly=True,
    )
    model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="model", readonly=True)
    tbl = fields.Char("Table", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    company_id = fields.Many2one("res.company", "Company", readonly=True)
    origin = fields.Selection(
        [("web", "Web client"), ("rpc", "XML-RPC or JSON-RPC"), ("json2", "JSON-2"),
         ("cron", "Scheduled action"), ("job", "Job queue"), ("install", "Installation"),
         ("shell", "Shell"), ("database", "Database")],
        readonly=True,
    )
    what = fields.Char("Called", readonly=True)
    login = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
    event_at = fields.Datetime("Happened", readonly=True, help="Late entry: when it happened.")
    old = fields.Text("Before", readonly=True)
    new = fields.Text("After", readonly=True)
    event = fields.Char(readonly=True)
    message = fields.Char("Exchange Message", readonly=True, help=(
        "What another system sent: its code and the id of its message, or its code and our number "
        "of the first of many that were written at once."))
    seq = fields.Integer("Sealed As", readonly=True, help="Place in the sealed log.")

    def init(self):
        store.prepare(self.env)
        self.env.cr.execute("""
            CREATE OR REPLACE VIEW med_audit_entry AS
            SELECT e.id, e.at AT TIME ZONE 'UTC' AS at, e.xid, e.op::varchar AS op,
                   e.model::varchar AS model, e.res_id, e.tbl::varchar AS tbl, e.uid AS user_id,
                   (b.body ->> 10)::integer AS company_id, b.body -> 11 ->> 'origin' AS origin,
                   b.body -> 11 ->> 'what' AS what, b.body -> 11 ->> 'login' AS login,
                   b.body ->> 12 AS reason, (b.body ->> 13)::timestamp AS event_at,
                   b.body ->> 14 AS old, b.body ->> 15 AS new,
                   CASE e.op WHEN 'E' THEN b.body -> 15 ->> 'event' END AS event,
                   l.seq, b.body -> 11 ->> 'message' AS message
              FROM med_audit.entry e
        CROSS JOIN LATERAL (SELECT e.body::json AS body OFFSET 0) b
         LEFT JOIN med_audit.leaf l ON l.entry = e.id""")

    @api.model
    def _search(self, domain, *args, **kwargs):
        self.env.flush_all()  # what is not written yet has no entry yet
        return super()._search(domain, *args, **kwargs)

    @api.model_create_multi
    def create(self, vals_list):
        raise UserError(self.env._("Entries of the audit trail come from the database alone."))

    def write(self, vals):
        raise UserError(self.env._("Entries of the audit trail are not changed."))

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._refuse_unlink()

    def _refuse_unlink(self):
        raise UserError(self.env._("Entries of the audit trail are not deleted."))

    @api.model
    def _record_event(self, kind, record=None, payload=None, own_cursor=False):
        """Write an entry about something that is no change of a row.

        :param kind: short word, for example ``sign_in_failed``
        :param record: the record it is about, if any
        :param payload: flat dict of JSON values, kept as text
        :param own_cursor: write and commit at once, so that a rollback of this transaction does
            not take the entry with it
        :return: id of the entry
        """
        query = SQL(
            "SELECT med_audit.event(%s, %s, %s, %s)", kind,
            record._name if record is not None else "", record.id if record else None,
            json.dumps(payload or {}, default=str),
        )
        if own_cursor:
            with self.pool.cursor() as cr:
                cr.execute(query)
                return cr.fetchone()[0]
        return self.env.execute_query(query)[0][0]

    @api.model
    def _alarm(self, subject, body, also=None):
        """Tell quality assurance, in the inbox or by e-mail, what must not wait.

        The message belongs to no record: with one it would be deleted. The mail queue sends it at
        once, so that a slow mail server holds nobody up.

        :param also: further `res.partner` to be told
        """
        partners = also.sudo() if also else self.env["res.partner"].sudo()
        for role in ("qa", "system_admin"):  # a firm that has not named its QA has administrators
            users = self.env.ref(f"med_base.med_base_group_{role}").sudo().all_user_ids
            users = users.filtered("active")
            if users:
                partners |= users.partner_id
                break
        if partners:
            self.env["mail.thread"].sudo().message_notify(
                partner_ids=partners.ids, subject=subject, body=body, force_send=False)
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
