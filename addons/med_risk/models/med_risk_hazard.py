from odoo import api, fields, models
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
KEEPERS = (QUALITY, "med_base.med_base_group_regulatory")
SEVERITIES = [("1", "1 Negligible"), ("2", "2 Minor"), ("3", "3 Serious"), ("4", "4 Critical"),
              ("5", "5 Catastrophic")]
PROBABILITIES = [("1", "1 Improbable"), ("2", "2 Remote"), ("3", "3 Occasional"),
                 ("4", "4 Probable"), ("5", "5 Frequent")]
VERDICTS = [("acceptable", "Acceptable"), ("reduce", "Reduce as Far as Possible"),
            ("not_acceptable", "Not Acceptable")]
JUDGED = ("severity", "probability", "residual_severity", "residual_probability")
# Written by the steps and the matrix alone; the value that a new hazard has.
STEPPED = {"name": "/", "revision": 1, "previous_id": False, "reviewed_at": False,
           "review_needed": False, "verdict": False, "residual_verdict": False}
SAID = ("name", "revision", "previous_id", "hazard", "events", "situation", "harm",
        "product_tmpl_ids", "change_note")
JUDGEMENT = (*JUDGED, "verdict", "residual_verdict", "benefit")
CONTROLS = tuple(f"control_ids.{name}" for name in (
    "kind", "what", "implementation", "effectiveness", "new_risks"))
REVIEWED = (*SAID, *JUDGEMENT, *CONTROLS)
YEAR = 365


class MedRiskHazard(models.Model):
    """A hazard, how it leads to harm, and what is left of the risk (ISO 14971, 5.4 to 7.4).

    A reviewed one stays as it is: what changes is a new revision, and the old one is superseded
    when the new one is reviewed. Nonconformities, deviations and CAPAs are linked at any time; a
    new one after the review asks for the next (ISO 14971, 10).
    """

    _name = "med.risk.hazard"
    _description = "Hazard"
    _inherit = ["med.stepped.mixin", "med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "name desc, revision desc, id desc"
    _rec_names_search = ("name", "hazard", "harm")
    _check_company_auto = True

    _med_machine = Machine(
        initial="draft",
        content=REVIEWED,
        transitions=(
            Transition("review", ("draft",), "reviewed", _lt("Review"),
                       (Signer("reviewed", groups=KEEPERS, differs=("@owner_id",),
                               fixed=("@owner_id",)),),
                       required=("hazard", "events", "situation", "harm", "product_tmpl_ids",
                                 "owner_id", *JUDGED, "verdict", "residual_verdict"), least=1),
            Transition("supersede", ("reviewed",), "superseded", _lt("Supersede"),
                       groups=KEEPERS),
            Transition("withdraw", ("draft", "reviewed"), "withdrawn", _lt("Withdraw"),
                       (Signer("rejected", groups=KEEPERS),), reason=True, least=1),
        ),
        locked=("reviewed", "superseded", "withdrawn"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/", index=True)
    revision = fields.Integer(readonly=True, copy=False, default=1, aggregator=False)
    previous_id = fields.Many2one(
        "med.risk.hazard", "Revision Before", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict")
    next_ids = fields.One2many("med.risk.hazard", "previous_id", "Next Revision", readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company)
    owner_id = fields.Many2one(
        "res.users", "Owner", index=True, tracking=True, default=lambda self: self.env.user,
        help="Who is asked when something happens that the review did not know.")
    product_tmpl_ids = fields.Many2many(
        "product.template", string="Products", check_company=True, ondelete="restrict")
    hazard = fields.Char(required=True, tracking=True,
                         help="Potential source of harm: energy, substance, wrong use, failure.")
    events = fields.Text("Sequence of Events", help="What leads from the hazard to the situation.")
    situation = fields.Text("Hazardous Situation", help="Who or what is exposed, and when.")
    harm = fields.Char(help="Injury or damage to the health of people, property or environment.")
    severity = fields.Selection(SEVERITIES, "Severity Before", tracking=True)
    probability = fields.Selection(PROBABILITIES, "Probability Before", tracking=True)
    verdict = fields.Selection(VERDICTS, "Before Controls", readonly=True, copy=False,
                               help="By the matrix of the company.")
    control_ids = fields.One2many("med.risk.control", "hazard_id", "Controls")
    residual_severity = fields.Selection(SEVERITIES, "Severity After", tracking=True)
    residual_probability = fields.Selection(PROBABILITIES, "Probability After", tracking=True)
    residual_verdict = fields.Selection(
        VERDICTS, "Residual Risk", readonly=True, copy=False, index=True, tracking=True,
        help="After controls, by the matrix of the company.")
    benefit = fields.Text("Benefit and Risk", help=(
        "Why the benefit outweighs a residual risk that is not acceptable by the matrix "
        "(ISO 14971, 7.4)."))
    change_note = fields.Text("Why This Revision", copy=False)
    reviewed_at = fields.Datetime("Reviewed On", readonly=True, copy=False)
    review_needed = fields.Boolean("Review the Risk", readonly=True, copy=False, index=True, help=(
        "Something was linked after the last review."))
    nonconformity_ids = fields.Many2many(
        "med.nonconformity", string="Nonconformities", check_company=True, ondelete="restrict",
        copy=False)
    deviation_ids = fields.Many2many(
        "med.deviation", string="Deviations", check_company=True, ondelete="restrict", copy=False)
    capa_ids = fields.Many2many(
        "med.capa", string="CAPAs", check_company=True, ondelete="restrict", copy=False)
    event_count = fields.Integer("Nonconformities in a Year", compute="_compute_event_count", help=(
        "Linked ones that were seen in the last 12 months."))
    state = fields.Selection(
        [("draft", "Draft"), ("reviewed", "Reviewed"), ("superseded", "Superseded"),
         ("withdrawn", "Withdrawn")], required=True, default="draft", readonly=True, copy=False,
        tracking=True, index=True)

    _revision_uniq = models.UniqueIndex("(name, revision)", "There is this revision already.")

    # ------------------------------------------------------------------ what is shown

    @api.depends("name", "revision", "hazard")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.name} r{record.revision}: {record.hazard or ''}"

    @api.depends("nonconformity_ids")
    def _compute_event_count(self):
        since = fields.Datetime.subtract(fields.Datetime.now(), days=YEAR)
        counts = dict(self.env["med.nonconformity"]._read_group(
            Domain("hazard_ids", "in", self.ids) & Domain("event_time", ">=", since)
            & Domain("state", "!=", "cancelled"), ["hazard_ids"], ["__count"]))
        for record in self:
            record.event_count = counts.get(record._origin, 0)

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        born = take(self._name, (), "born")
        # Written out, so that no default of the caller's context or of a user gets in.
        records = super().create([{
            "company_id": self.env.company.id, "owner_id": self.env.uid, "control_ids": [],
            "product_tmpl_ids": [], **dict.fromkeys(self._med_links(), []), **vals,
            **({**STEPPED, **vals} if born else {
                **STEPPED, "name": self.env["ir.sequence"].next_by_code(self._name) or "/"}),
        } for vals in vals_list])
        records._med_reckon()
        return records

    def write(self, vals):
        names = tuple(sorted(STEPPED.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._(
                "Number, revision, review and acceptability of a hazard follow from its steps."))
        if "company_id" in vals and any(one.company_id.id != vals["company_id"] for one in self):
            raise AccessError(self.env._("A hazard stays in its company."))
        links = [name for name in self._med_links() if name in vals]
        before = {record: [record[name] for name in links] for record in self if links}
        result = super().write(vals)
        for record, values in before.items():
            for name, old in zip(links, values, strict=True):
                record._med_linked(name, record[name] - old)
        if vals.keys() & set(JUDGED):
            self._med_reckon()
        return result

    def _med_links(self):
        """Return the fields that link what happened. For addons above to extend."""
        return ("nonconformity_ids", "deviation_ids", "capa_ids")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Hazards are not deleted: withdraw them."))

    def _med_reckon(self):
        """Write down what the matrix says, as it is now."""
        for record in self.sudo():
            matrix = record._med_matrix()
            found = {
                "verdict": matrix.get((record.severity, record.probability), False),
                "residual_verdict": matrix.get(
                    (record.residual_severity, record.residual_probability), False)}
            if any(record[name] != value for name, value in found.items()):
                record._med_store(found)

    def _med_risk_class(self):
        return {"acceptable": "low", "reduce": "medium", "not_acceptable": "high"}.get(
            self.residual_verdict, "")
