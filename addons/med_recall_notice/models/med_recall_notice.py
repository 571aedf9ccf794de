from odoo import fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import UserError
from odoo.tools import SQL

VERSION = 1
CHANNELS = [
    ("email", "E-Mail"), ("print", "Letter"), ("registered", "Registered Letter"),
    ("phone", "Phone"), ("messenger", "Messenger"), ("rpc", "Their System"), ("portal", "Portal"),
]
STATES = [
    ("prepared", "Prepared"), ("queued", "Queued"), ("failed", "Failed"),
    ("simulated", "Simulated"), ("sent", "Sent"), ("read", "Read"),
    ("acknowledged", "Acknowledged"), ("answered", "Answered"), ("closed", "Closed"),
]
OPEN = ("simulated", "sent", "read")
# What a person sets; all else follows from sending, reading and answering.
SAID = {"channel", "email", "registered_number"}


class MedRecallNotice(models.Model):
    """That one consignee was told, about one version of the scope: once, and how it went on."""

    _name = "med.recall.notice"
    _description = "Recall Notice"
    _inherit = ["med.stepped.mixin", "med.recall.row.mixin"]
    _order = "recall_id desc, id"

    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    scope_id = fields.Many2one("med.recall.scope", required=True, index=True, ondelete="restrict")
    consignee_id = fields.Many2one(
        "med.recall.consignee", index="btree_not_null", ondelete="restrict",
        help="Empty: told on behalf of the consignee who sold on to him.")
    partner_id = fields.Many2one(
        related="consignee_id.partner_id", string="Partner", store=True, index=True)
    parent_id = fields.Many2one("med.recall.notice", "Told On Behalf Of", index="btree_not_null",
                                ondelete="restrict")
    child_ids = fields.One2many("med.recall.notice", "parent_id", "Their Customers")
    name = fields.Char("Recipient", required=True)
    email = fields.Char("E-Mail")
    lang = fields.Char("Language", required=True)
    jurisdiction_id = fields.Many2one("med.jurisdiction", ondelete="restrict", index=True)
    letter_id = fields.Many2one("med.recall.letter", index="btree_not_null", ondelete="restrict")
    channel = fields.Selection(CHANNELS, required=True, default="email", index=True)
    registered_number = fields.Char("Number of the Registered Letter")
    state = fields.Selection(STATES, required=True, default="prepared", index=True)
    drill = fields.Boolean(related="recall_id.drill")
    failure = fields.Char("Why It Failed")
    attempts = fields.Integer(aggregator=False)
    retry = fields.Boolean(help="The mail server failed, not the address: tried again by itself.")
    retry_at = fields.Datetime("Tried Again At")
    queued_at = fields.Datetime("Queued")
    sent_at = fields.Datetime("Sent")
    failed_at = fields.Datetime("Failed")
    read_at = fields.Datetime("Read")
    acknowledged_at = fields.Datetime("Acknowledged")
    answered_at = fields.Datetime("Answered")
    closed_at = fields.Datetime("Closed")
    closed_reason = fields.Char("Why It Was Closed")
    reminders = fields.Integer("Reminders", aggregator=False)
    reminded_at = fields.Datetime("Reminded")
    to_call = fields.Boolean("To Be Called", index=True)
    mail_id = fields.Many2one("mail.mail", index="btree_not_null", ondelete="set null")
    pdf_id = fields.Many2one("ir.attachment", "Letter on Paper", ondelete="set null",
                             index="btree_not_null")
    pdf_failure = fields.Char("Why There Is No Letter on Paper")
    token_number = fields.Integer(default=1, aggregator=False)
    token_until = fields.Datetime("Link Works Until")
    answer_ids = fields.One2many("med.recall.answer", "notice_id", "Answers")
    call_ids = fields.One2many("med.recall.call", "notice_id", "Calls")

    _consignee_uniq = models.UniqueIndex(
        "(consignee_id, scope_id) WHERE consignee_id IS NOT NULL",
        "The consignee has a notice of this version.")
    _account_uniq = models.UniqueIndex(
        "(parent_id, lower(email)) WHERE parent_id IS NOT NULL",
        "This customer was told already.")

    def write(self, vals):
        if vals and vals.keys() <= SAID:
            if any(one.state not in ("prepared", "failed") for one in self) and (
                    vals.keys() - {"registered_number"}):
                raise UserError(self.env._("A notice that is on its way keeps its address."))
            with permit(self._name, self.ids, tuple(sorted(vals))):
                return super().write(vals)
        return super().write(vals)

    def _med_born(self, vals_list):
        with permit(self._name, (), "born"):
            return self.sudo().create([{
                "registered_number": False, "letter_id": False, "state": "prepared", **vals}
                for vals in vals_list])

    # ------------------------------------------------------------------ prepare

    def _med_prepare(self, scope):
        """Write the notices of a frozen scope that are lacking; return them.

        Who was told already is told again only of a lot, or of a quantity, that is new to him.
        """
        scope = scope.sudo()
        self.env.flush_all()
        wanted = [row[0] for row in self.env.execute_query(SQL("""
            SELECT c.id
              FROM med_recall_consignee c
             WHERE c.recall_id = %(recall)s
               AND EXISTS (
                   SELECT FROM med_recall_delivery d
                    WHERE d.scope_id = %(scope)s AND d.partner_id = c.partner_id
                      AND NOT EXISTS (
                          SELECT FROM med_recall_notice n
                            JOIN med_recall_delivery o
                              ON o.scope_id = n.scope_id AND o.partner_id = c.partner_id
                             AND o.lot_id IS NOT DISTINCT FROM d.lot_id
                             AND o.product_id = d.product_id AND o.net >= d.net
                           WHERE n.consignee_id = c.id))
          ORDER BY c.id""", recall=scope.recall_id.id, scope=scope.id))]
        consignees = self.env["med.recall.consignee"].sudo().browse(wanted)
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        markets = {country: market for market in self.env["med.jurisdiction"].sudo().search([])
                   for country in market.country_ids}
        rows = []
        for consignee in consignees:
            partner = consignee.partner_id
            above = partner.commercial_partner_id
            email = partner.email or above.email
            lang = partner.lang or above.lang
            market = markets.get(partner.country_id or above.country_id)
            rows.append({
                "recall_id": scope.recall_id.id, "scope_id": scope.id,
                "consignee_id": consignee.id, "name": partner.display_name, "email": email,
                "lang": lang if lang in installed else "en_US",
                "jurisdiction_id": market.id if market else False,
                "channel": "email" if email else "print"})
        return self._med_born(rows)

    def close(self, reason):
        """Give up: nothing more is expected of these consignees, and why.

        :return: ``{"version", "closed"}``
        """
        self._med_check_staff()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why nothing more is expected."))
        open_ones = self.filtered(lambda one: one.state != "closed")
        open_ones._med_store({"state": "closed", "closed_at": fields.Datetime.now(),
                              "closed_reason": reason.strip(), "to_call": False})
        return {"version": VERSION, "closed": len(open_ones)}

    def _med_check_staff(self):
        self.check_access("write")
        self.recall_id._med_check_decider()
