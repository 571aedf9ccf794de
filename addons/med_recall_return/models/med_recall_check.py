from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, hmac

VERSION = 1
A_MINUTE = 60
"""How many questions one address may ask in a minute."""


class MedRecall(models.Model):
    """Whether a number is recalled: for whoever holds the device."""

    _inherit = "med.recall"

    published = fields.Boolean(
        "On the Public Page", tracking=True, copy=False,
        help="Whoever asks on /recall/check for a number in its scope is told what to do, once "
             "the recall is decided and where the company publishes.")

    @api.model
    @api.readonly
    def check(self, code: str):
        """Tell whether what a label says is in a decided recall.

        :param code: a UDI as scanned or typed with brackets, or the number of a lot or serial
        :return: ``{"version", "answer", "time", "message", "recalls": [{"recall" (id), "name",
            "company", "action", "instruction", "certainty"}]}``; ``answer`` is recalled, none,
            number (the label's second code is needed) or unreadable
        """
        self.browse().check_access("read")
        return {"version": VERSION, **self._med_check_code(code)}

    @api.model
    def _med_check_code(self, code, public=False):
        """Return the answer; what cannot be read is never said to be without a recall.

        :param public: published recalls alone, of every company that publishes
        """
        told = {"time": fields.Datetime.now().strftime("%Y-%m-%dT%H:%M:%SZ"), "recalls": []}
        code = code.strip() if isinstance(code, str) else ""
        try:
            if not 0 < len(code) <= 1024:
                raise UserError(self.env._("The code must be text."))
            label = self.env["med.scan"]._med_label(code)
            domain = self.env["stock.lot"]._med_code_domain(code)
        except UserError as error:
            return told | {"answer": "unreadable", "message": str(error.args[0])}
        if label.udi and not label.bears_number:
            return told | {"answer": "number", "message": self.env._(
                "This code names the device, not its lot or serial number: scan or type the "
                "code that bears it.")}
        lots = self.env["stock.lot"].sudo().search(domain)
        lines = self.env["med.recall.scope.line"].sudo().search([
            ("lot_id", "in", lots.ids), ("scope_id.state", "=", "frozen"),
            ("recall_id", "any", self._med_answering(public))])
        rows = [{
            "recall": recall.id, "name": recall.name, "company": recall.company_id.name,
            "action": dict(recall._fields["action"]._description_selection(self.env)).get(
                recall.action, ""),
            "instruction": recall.instruction or "",
            "certainty": "exact" if "exact" in some.mapped("certainty") else "possible",
        } for recall, some in lines.grouped("recall_id").items()]
        return told | {
            "answer": "recalled" if rows else "none", "recalls": rows,
            "message": self.env._("It is recalled.") if rows else self.env._(
                "No recall of this number is known here.")}

    @api.model
    def _med_answering(self, public):
        """Return the domain of the recalls that answer: decided ones, and no drill."""
        domain = [("drill", "=", False), ("state", "in", ("decided", "completed", "terminated"))]
        if public:
            return [*domain, ("published", "=", True), ("company_id.med_recall_publish", "=", True)]
        return [*domain, ("company_id", "in", self.env.companies.ids)]

    # ------------------------------------------------------------------ the public page

    @api.model
    def _med_publishes(self):
        """Return whether any company answers the public."""
        return bool(self.env["res.company"].sudo().search_count(
            [("med_recall_publish", "=", True)], limit=1))

    @api.model
    def _med_throttle(self, address):
        """Return whether an address may ask; kept is a digest that lasts a day, not the address."""
        now = fields.Datetime.now().replace(second=0, microsecond=0)
        key = hmac(self.env(su=True), "med_recall_check", f"{now:%Y-%m-%d} {address}")
        [[count]] = self.env.execute_query(SQL("""
            INSERT INTO med_recall_check_count (key, minute, asked) VALUES (%(key)s, %(minute)s, 1)
            ON CONFLICT (key, minute) DO UPDATE SET asked = med_recall_check_count.asked + 1
            RETURNING asked""", key=key, minute=now))
        return count <= A_MINUTE
