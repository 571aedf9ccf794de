from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date
from odoo.tools.translate import LazyTranslate

from .med_quality_agreement_clause import DUTIES, TOPICS

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
SAID = ("name", "processor_id", "date_from", "date_to", "clause_ids.title", "clause_ids.text")


class MedQualityAgreement(models.Model):
    """The written quality agreement with a processor, clause by clause (ISO 13485, 4.1.5)."""

    _name = "med.quality.agreement"
    _description = "Quality Agreement"
    _inherit = ["med.signable.mixin", "med.processor.due.mixin", "mail.thread",
                "mail.activity.mixin"]
    _order = "processor_id, date_from desc, id desc"
    _med_due_field = "date_to"

    _med_machine = Machine(
        initial="draft",
        content=SAID,
        transitions=(
            Transition("agree", ("draft",), "agreed", _lt("Put in Force"),
                       (Signer("approved", groups=(QUALITY,)),),
                       required=("name", "date_from", "date_to", "their_name", "their_date",
                                 "clause_ids.text"), least=1),
            Transition("end", ("draft", "agreed"), "ended", _lt("End"), groups=(QUALITY,),
                       reason=True),
        ),
        locked=("agreed", "ended"),
    )

    name = fields.Char("Number", required=True, copy=False)
    processor_id = fields.Many2one(
        "med.processor", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="processor_id.company_id", store=True, index=True)
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), "Language", required=True,
        default=lambda self: self.env.lang or "en_US",
        help="Of the clauses to begin with, and of the paper.")
    date_from = fields.Date("In Force From")
    date_to = fields.Date("In Force Until")
    their_name = fields.Char(
        "Signed for the Processor By", copy=False, help=(
            "As the paper says; keep that below. An agreement of one side is none."))
    their_date = fields.Date("Signed There On", copy=False)
    clause_ids = fields.One2many("med.quality.agreement.clause", "agreement_id", "Clauses")
    missing = fields.Char("Nothing Said About", compute="_compute_missing", help=(
        "Topics of the Chinese guide for quality agreements that no clause is about."))
    state = fields.Selection(
        [("draft", "Draft"), ("agreed", "In Force"), ("ended", "Ended")], required=True,
        default="draft", readonly=True, copy=False, tracking=True, index=True)

    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "There is an agreement of this number already.")
    _dates = models.Constraint(
        "CHECK (date_from <= date_to)", "An agreement ends after it begins.")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Quality agreements are not deleted: end them."))

    @api.depends("clause_ids.topic")
    @api.depends_context("lang")
    def _compute_missing(self):
        labels = dict(self.clause_ids._fields["topic"]._description_selection(self.env))
        for one in self:
            told = set(one.clause_ids.mapped("topic"))
            one.missing = ", ".join(labels[topic] for topic, _label in TOPICS
                                    if topic not in told and topic != "other")

    def _med_in_force(self, day):
        """Return whether it holds on a day, and still says what was signed."""
        return bool(
            self.state == "agreed" and self.date_from and self.date_to
            and self.date_from <= day <= self.date_to and self.med_signature_status == "valid")

    def _med_before_transition(self, transition):
        """One agreement a day: which one held when something was done is never a question."""
        super()._med_before_transition(transition)
        if transition.name != "agree":
            return
        self._med_check_duties()
        # Two that are put in force at once would not see each other.
        self.env.execute_query(SQL(
            "SELECT id FROM med_processor WHERE id = %s FOR UPDATE", self.processor_id.id))
        self.env.flush_all()
        other = self.search([
            ("processor_id", "=", self.processor_id.id), ("state", "=", "agreed"),
            ("id", "!=", self.id), ("date_from", "<=", self.date_to),
            ("date_to", ">=", self.date_from)], limit=1)
        if other:
            raise UserError(self.env._(
                "%(other)s with this processor is in force until %(day)s: let this one begin "
                "later, or end that one.", other=other.name,
                day=format_date(self.env, other.date_to)))

    def _med_check_duties(self):
        """Refuse an agreement that is silent about a duty; a clause may say why there is none."""
        told = set(self.clause_ids.mapped("topic"))
        labels = dict(self.clause_ids._fields["topic"]._description_selection(self.env))
        if silent := [labels[topic] for topic in DUTIES if topic not in told]:
            raise UserError(self.env._(
                "%(name)s says nothing about: %(topics)s. Add a clause about each; where the duty "
                "does not apply, it says why.", name=self.name, topics=", ".join(silent)))

    def action_use_clauses(self):
        """Begin with the clauses of this house, in the agreement's language."""
        for one in self:
            one.check_access("write")
            if one.state != "draft":
                raise UserError(self.env._("%(name)s is no draft any more.", name=one.name))
            told = set(one.clause_ids.mapped("topic"))
            rows = self.env["med.quality.clause.template"].with_context(lang=one.lang).search(
                [("company_id", "in", (False, one.company_id.id))])
            one.clause_ids = [Command.create({
                "topic": row.topic, "title": row.title, "text": row.text,
                "sequence": row.sequence}) for row in rows if row.topic not in told]
        return True

    # ------------------------------------------------------------------ what is due

    def _med_due_open(self):
        return self.filtered(lambda one: (
            one.state == "agreed" and one.processor_id.state != "ended" and not any(
                other.state == "agreed" and other.date_to > one.date_to
                for other in one.processor_id.agreement_ids)))

    def _med_due_processor(self):
        return self.processor_id

    def _med_due_text(self, left):
        return self.env._("Quality agreement %(number)s", number=self.name)
