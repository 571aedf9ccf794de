from odoo import api, fields, models
from odoo.addons.med_recall.models.med_recall import DECIDERS
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ..tools.letter import PLACES, places

_lt = LazyTranslate(__name__)

TEXT = ("recall_id", "lang", "jurisdiction_id", "version", "subject", "body", "srn")
# Place in the text → field of the recall that must hold something.
BEHIND = {"reason": "reason", "hazard": "hazard_conclusion", "instruction": "instruction",
          "action": "action", "level": "level_ids"}


class MedRecallLetter(models.Model):
    """The text that consignees receive, in one language, for one jurisdiction or for all.

    Signed by another person than the one who wrote it; a signed text stays, and a new version
    takes its place. (21 CFR 7.49; MDR Art. 89(8); CFDA Order 29, notice of recall.)
    """

    _name = "med.recall.letter"
    _description = "Recall Letter"
    _inherit = ["med.signable.mixin"]
    _order = "recall_id desc, lang, jurisdiction_id, version desc"
    _rec_name = "subject"
    _check_company_auto = True

    _med_machine = Machine(
        initial="draft",
        content=TEXT,
        transitions=(
            Transition("approve", ("draft",), "approved", _lt("Approve the Letter"),
                       (Signer("approved", groups=DECIDERS, differs=("@create_uid", "@writer_id"),
                               fixed=("@create_uid", "@writer_id")),),
                       required=("subject", "body"), least=1),
            Transition("supersede", ("draft", "approved"), "superseded", _lt("Supersede"),
                       groups=DECIDERS),
        ),
        locked=("approved", "superseded"),
    )

    recall_id = fields.Many2one("med.recall", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="recall_id.company_id", store=True, index=True)
    lang = fields.Selection("_get_langs", "Language", required=True,
                            default=lambda self: self.env.user.lang or "en_US")
    jurisdiction_id = fields.Many2one(
        "med.jurisdiction", ondelete="restrict", help="Empty: for all that have no own letter.")
    version = fields.Integer(required=True, readonly=True, copy=False, default=1, aggregator=False)
    subject = fields.Char(compute="_compute_text", store=True, readonly=False, precompute=True)
    body = fields.Html(compute="_compute_text", store=True, readonly=False, precompute=True,
                       sanitize_attributes=False, help=(
                           "{{lots}} is filled in for each consignee: exactly his lots. The "
                           "others: {{consignee}} {{products}} {{reason}} {{hazard}} {{level}} "
                           "{{action}} {{instruction}} {{answer}} {{number}} {{date}} "
                           "{{company}} {{srn}} {{urgent}}"))
    srn = fields.Char("Manufacturer's SRN", help="Single registration number, for the EU.")
    writer_id = fields.Many2one("res.users", "Written By", readonly=True, copy=False, index=True)
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("superseded", "Superseded")],
        required=True, default="draft", readonly=True, copy=False, index=True)

    _version_uniq = models.UniqueIndex(
        "(recall_id, lang, COALESCE(jurisdiction_id, 0), version)", "There is such a version.")

    @api.depends("recall_id.name", "lang", "jurisdiction_id.code", "version")
    def _compute_display_name(self):
        for letter in self:
            letter.display_name = " · ".join(filter(None, (
                letter.recall_id.name, letter.jurisdiction_id.code, letter.lang,
                f"v{letter.version}")))

    @api.model
    def _get_langs(self):
        return self.env["res.lang"].get_installed()

    @api.depends("lang", "jurisdiction_id")
    def _compute_text(self):
        Template = self.env["med.recall.letter.template"]
        for letter in self:
            template = letter._med_templates().filtered(
                lambda one, letter=letter: one.lang == letter.lang)[:1] or Template.search(
                [("lang", "=", letter.lang), ("jurisdiction_id", "=", False)], limit=1)
            if template or not letter.body:
                letter.subject, letter.body = template.subject, template.body

    def _med_templates(self):
        """Return the templates of the letter's jurisdiction, in all languages."""
        return self.env["med.recall.letter.template"].search(
            [("jurisdiction_id", "=", self.jurisdiction_id.id)])

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        rows = []
        for vals in vals_list:
            newest = self.sudo().search([
                ("recall_id", "=", vals.get("recall_id")), ("lang", "=", vals.get("lang")),
                ("jurisdiction_id", "=", vals.get("jurisdiction_id") or False)],
                order="version desc", limit=1)
            rows.append({"jurisdiction_id": False, "srn": False, **vals,
                         "version": newest.version + 1, "writer_id": self.env.uid})
        return super().create(rows)

    def write(self, vals):
        if vals.keys() & {"version", "writer_id", "recall_id"}:
            raise UserError(self.env._("Recall, version and writer of a letter are not changed."))
        if vals.keys() & {"lang", "jurisdiction_id"} and any(
                one.version > 1 for one in self):
            raise UserError(self.env._("A new version keeps language and jurisdiction."))
        if vals.keys() & set(TEXT):
            vals = {**vals, "writer_id": self.env.uid}
        return super().write(vals)

    def copy(self, default=None):
        raise UserError(self.env._("A letter is not copied: begin a new version."))

    # ------------------------------------------------------------------ steps

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        if transition.name == "approve":
            self._med_check_text()

    def _med_check_text(self):
        """Raise unless the text has every place it must have, and each can be filled in."""
        has = places(self.body) | places(self.subject)
        asked = set(" ".join(self._med_templates().mapped("required")).split()) or {
            "lots", "reason", "instruction", "answer"}
        if unknown := has - PLACES:
            raise UserError(self.env._("There is no place %s to be filled in.",
                                       ", ".join(sorted(unknown))))
        if missing := asked - has:
            raise UserError(self.env._(
                "The letter must have %s: put it where it belongs.",
                ", ".join("{{%s}}" % one for one in sorted(missing))))
        if "srn" in has and not self.srn:
            raise UserError(self.env._("The manufacturer's SRN is missing."))
        empty = [BEHIND[one] for one in sorted(has & BEHIND.keys())
                 if not self.recall_id[BEHIND[one]]]
        if empty:
            raise UserError(self.env._("Fill in the recall first: %s.", ", ".join(
                self.recall_id._fields[one]._description_string(self.env) for one in empty)))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        if transition.name == "approve":
            older = self.search([
                ("recall_id", "=", self.recall_id.id), ("lang", "=", self.lang),
                ("jurisdiction_id", "=", self.jurisdiction_id.id), ("state", "=", "approved"),
                ("id", "!=", self.id)])
            for letter in older:
                letter.med_transition("supersede")

    def revise(self):
        """Begin the next version of a letter.

        :return: ``{"version", "letter" (id), "number"}``
        """
        self.ensure_one()
        self.check_access("write")
        letter = self.create({
            "recall_id": self.recall_id.id, "lang": self.lang, "srn": self.srn,
            "jurisdiction_id": self.jurisdiction_id.id, "subject": self.subject,
            "body": self.body})
        return {"version": 1, "letter": letter.id, "number": letter.version}

    def action_revise(self):
        return {"type": "ir.actions.act_window", "res_model": self._name, "view_mode": "form",
                "res_id": self.revise()["letter"]}
