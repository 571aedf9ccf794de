from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.addons.med_signature.tools import canonical
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
WAREHOUSE = "med_base.med_base_group_warehouse"
KEEPERS = (QUALITY, WAREHOUSE)
OWN = ("computed_at", "line_count", "late_count", "difference_count", "outdated", "outdated_at",
       "dispute")
"""What the statement's own steps write, under a permit."""

BORN = ("name", "processor_id", "company_id", "period", "date_from", "date_to")
HEAD = (*BORN[:2], *BORN[3:], "line_count", "lines_digest", "finding")
MONTHS = {"month": 1, "year": 12}


class MedOutsourcingStatement(models.Model):
    """What a processor was sent in a month, and what became of it; both sides sign it.

    opening + late + sent + made = used + scrapped + returned + adjusted + still there, per product
    and lot, exact, in the product's unit.
    """

    _name = "med.outsourcing.statement"
    _description = "Statement of Quantities at a Processor"
    _inherit = ["med.stepped.mixin", "med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    _med_machine = Machine(
        initial="draft",
        content=HEAD,
        transitions=(
            Transition("issue", ("draft",), "issued", _lt("Sign and Issue"),
                       (Signer("approved", groups=KEEPERS),), least=1),
            Transition("agree", ("issued", "disputed"), "agreed", _lt("Processor Agrees")),
            Transition("dispute", ("issued",), "disputed", _lt("Processor Refuses")),
            Transition("withdraw", ("issued", "disputed"), "draft", _lt("Withdraw"),
                       groups=KEEPERS, reason=True, restart=True),
            Transition("cancel", ("draft",), "cancelled", _lt("Cancel"), groups=KEEPERS,
                       reason=True),
        ),
        locked=("issued", "disputed", "agreed", "cancelled"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    processor_id = fields.Many2one(
        "med.processor", required=True, index=True, ondelete="restrict", check_company=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict")
    period = fields.Selection(
        [("month", "Month"), ("year", "Year")], required=True, default="month")
    date_from = fields.Date("First Day", required=True, help="Any day of the month or year.")
    date_to = fields.Date("Last Day", readonly=True, required=True)
    line_ids = fields.One2many("med.outsourcing.statement.line", "statement_id", "Lots",
                               readonly=True)
    computed_at = fields.Datetime("Computed", readonly=True, copy=False)
    line_count = fields.Integer("Number of Lots", readonly=True, copy=False, aggregator=False)
    late_count = fields.Integer(
        "Corrections of Earlier Months", readonly=True, copy=False, aggregator=False)
    difference_count = fields.Integer(
        "Lots That Differ From the Stock", readonly=True, copy=False, aggregator=False)
    finding = fields.Text(
        "Why They Differ", copy=False, help="Signed with the statement. Needed where the postings "
        "and the stock say different quantities.")
    lines_digest = fields.Char(
        "SHA-256 of the Lots", compute="_compute_lines_digest",
        help="Of every row and column, in the order of products and lots.")
    paper_digest = fields.Char(
        "SHA-256 of What the Processor Signs", compute="_compute_paper_digest")
    outdated = fields.Boolean(
        readonly=True, copy=False, index=True,
        help="A posting of this period came later: the next statement shows it as late.")
    outdated_at = fields.Datetime("Outdated Since", readonly=True, copy=False)
    dispute = fields.Text("What the Processor Says", readonly=True, copy=False)
    signature_ids = fields.One2many(
        "med.processor.signature", compute="_compute_signature_ids",
        string="Signatures of the Processor")
    state = fields.Selection(
        [("draft", "Draft"), ("issued", "Waits for the Processor"), ("agreed", "Agreed"),
         ("disputed", "Refused by the Processor"), ("cancelled", "Cancelled")],
        required=True, default="draft", readonly=True, copy=False, tracking=True, index=True)

    _period_uniq = models.UniqueIndex(
        "(processor_id, period, date_from) WHERE state <> 'cancelled'",
        "There is a statement of this processor and period already.")

    # ------------------------------------------------------------------ shown

    @api.depends("name", "processor_id", "date_from", "date_to")
    def _compute_display_name(self):
        for one in self:
            one.display_name = " ".join(filter(None, (
                one.name, one.processor_id.display_name, one._med_period_text())))

    def _med_period_text(self):
        if not self.date_from:
            return ""
        return self.date_from.strftime("%Y" if self.period == "year" else "%Y-%m")

    @api.depends("computed_at", "line_ids")
    def _compute_lines_digest(self):
        for one in self:
            one.lines_digest = one.sudo()._med_lines_digest()

    @api.depends("state", "lines_digest", "finding", "med_signature_round")
    def _compute_paper_digest(self):
        for one in self:
            one.paper_digest = canonical.digest(canonical.canonical(
                one.sudo()._med_processor_content("agreed"))) if one.id else False

    @api.depends("state", "med_signature_round")
    def _compute_signature_ids(self):
        Signature = self.env["med.processor.signature"]
        for one in self:
            one.signature_ids = Signature.search(
                [("res_model", "=", one._name), ("res_id", "=", one.id)]) if one.id else Signature

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        rows = []
        for vals in vals_list:
            processor = self.env["med.processor"].browse(vals.get("processor_id"))
            processor.check_access("read")
            rows.append({
                "period": "month", "finding": False, **vals, **dict.fromkeys(OWN, False),
                # Written out, so that no default of the caller's context gets in.
                **self._med_dates(vals.get("period") or "month", vals.get("date_from")),
                "company_id": processor.sudo().company_id.id,
                "name": self.env["ir.sequence"].sudo().next_by_code(self._name) or "/"})
        self.flush_model(["state"])  # one that was cancelled just now makes room
        statements = super().create(rows)
        for one in statements:
            one._med_compute()
        return statements

    @api.model
    def _med_dates(self, period, day):
        """Return the first and last day of the month or year in which a day lies."""
        if period not in MONTHS or not day:
            raise UserError(self.env._("Choose the month or year of the statement."))
        first = fields.Date.to_date(day).replace(day=1)
        if period == "year":
            first = first.replace(month=1)
        return {"date_from": first,
                "date_to": first + relativedelta(months=MONTHS[period]) - timedelta(days=1)}

    def write(self, vals):
        if set(BORN) & vals.keys():
            raise AccessError(self.env._(
                "Processor and period of a statement stay: cancel it, and make another."))
        own = tuple(sorted(set(OWN) & vals.keys()))
        if own and not take(self._name, self.ids, own):
            raise AccessError(self.env._("What a statement says is computed from the postings."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Statements are not deleted: cancel them."))

    def copy(self, default=None):
        raise UserError(self.env._("A statement is not copied: make one of its own period."))

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "issue":
            self._med_check_issue()
        if transition.name in ("agree", "dispute"):
            meaning = {"agree": "agreed", "dispute": "refused"}[transition.name]
            signed = self.env["med.processor.signature"]._med_of_record(self, meaning)
            if not signed or signed[-1:]._get_status() != "valid":
                raise UserError(self.env._("The processor itself signs this."))

    def _med_check_issue(self):
        if self.date_to >= self._med_today():
            raise UserError(self.env._(
                "%(period)s is not over yet.", period=self._med_period_text()))
        earlier = self.search([
            ("processor_id", "=", self.processor_id.id), ("period", "=", self.period),
            ("date_from", "<", self.date_from), ("state", "=", "draft")], limit=1)
        if earlier:
            raise UserError(self.env._(
                "%(statement)s is not issued yet: issue the earlier one first, or cancel it.",
                statement=earlier.display_name))
        if self._med_is_stale():
            raise UserError(self.env._(
                "Postings have come since it was computed: compute it again and read it."))
        if self.difference_count and not (self.finding or "").strip():
            raise UserError(self.env._(
                "%(count)s lots differ from the stock: say why before you sign.",
                count=self.difference_count))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "issue":
            self._med_ask_processor()
        if transition.name == "withdraw":
            self._med_store({"dispute": False})
            self._med_compute()

    # ------------------------------------------------------------------ the processor's side

    def _med_processor_content(self, meaning):
        """Return what the processor signs: the same whether it agrees or refuses."""
        self.ensure_one()
        return {
            "form": "med-outsourcing-statement/1", "number": self.name,
            "processor": self.processor_id.id, "company": self.company_id.id,
            "from": self.date_from.isoformat(), "to": self.date_to.isoformat(),
            "rows": self.line_count, "lines": self._med_lines_digest(),
            "finding": self.finding or "",
        }

    def _med_before_processor_sign(self, processor, meaning, note):
        if meaning not in ("agreed", "refused"):
            raise UserError(self.env._("A statement is agreed to or refused."))
        if self.state not in ("issued", "disputed"):
            raise UserError(self.env._(
                "%(statement)s does not wait for the processor's signature.",
                statement=self.display_name))
        if meaning == "refused" and (self.state != "issued" or not note.strip()):
            raise UserError(self.env._(
                "Say what is wrong; a statement is refused once, and then agreed to or withdrawn."))
        if meaning == "agreed" and self._med_is_outdated():
            raise UserError(self.env._(
                "Postings of this period came later: we withdraw %(statement)s and issue it anew.",
                statement=self.display_name))

    def _med_after_processor_sign(self, signature):
        if signature.meaning == "refused":
            self._med_store({"dispute": signature.note})
        self._med_follow({"agreed": "agree", "refused": "dispute"}[signature.meaning])
        self._med_note(signature.display_name)
        if signature.meaning == "refused":
            self._med_remind(self.env._("Refused by the processor: %(note)s", note=signature.note))
