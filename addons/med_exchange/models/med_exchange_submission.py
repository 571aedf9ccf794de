from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .med_exchange_message import ORIGINS

_lt = LazyTranslate(__name__)


class MedExchangeSubmission(models.Model):
    """One call by which a partner sent messages: how many, and how many of them were new."""

    _name = "med.exchange.submission"
    _description = "Submission of an Exchange Partner"
    _inherit = ["med.exchange.inbox.row"]
    _order = "id desc"
    _rec_name = "id"
    _med_refusals = {
        "create": _lt("Submissions come from partners alone."),
        "write": _lt("Submissions are not changed."),
        "unlink": _lt("Submissions are kept."),
    }

    exchange_partner_id = fields.Many2one("med.exchange.partner", "Partner", required=True,
                                          index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    origin = fields.Selection(ORIGINS, "Came By", required=True, readonly=True)
    create_date = fields.Datetime("Received", readonly=True, index=True)
    count = fields.Integer("Messages", readonly=True)
    duplicates = fields.Integer("Sent Again", readonly=True)
    message_ids = fields.One2many("med.exchange.message", "submission_id", "New Messages",
                                  readonly=True)

    @api.model
    def _begin(self, partner, origin):
        """Return the number of a new submission; :meth:`_end` writes it."""
        [[number]] = self.env.execute_query(SQL(
            "SELECT nextval('med_exchange_submission_id_seq')"))
        return number

    @api.model
    def _write_down(self, number, partner, origin, count, duplicates):
        self.env.execute_query(SQL("""
            INSERT INTO med_exchange_submission
                   (id, exchange_partner_id, company_id, origin, count, duplicates,
                    create_uid, write_uid, create_date, write_date)
            VALUES (%(id)s, %(partner)s, %(company)s, %(origin)s, %(count)s, %(duplicates)s,
                    %(uid)s, %(uid)s, %(now)s, %(now)s)
            RETURNING id""", id=number, partner=partner.id, company=partner.company_id.id,
            origin=origin, count=count, duplicates=duplicates, uid=self.env.uid,
            now=self.env.cr.now()))
