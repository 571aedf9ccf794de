from odoo import api, fields, models
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError
from odoo.tools import clean_context

from ..tools.change_class import CLASSES
from .med_change import QUALITY

ANSWER = {"effect", "text"}
STAMP = {"user_id", "assessed_at"}
WRITABLE = ("draft", "emergency")


class MedChangeAssessment(models.Model):
    """What one function says about a change, before it is assessed."""

    _name = "med.change.assessment"
    _description = "Assessment of a Change"
    _order = "change_id desc, id"
    _rec_name = "function_id"

    change_id = fields.Many2one("med.change", "Change", required=True, index=True,
                                ondelete="restrict")
    company_id = fields.Many2one(related="change_id.company_id", store=True, index=True)
    function_id = fields.Many2one(
        "med.change.function", "Function", required=True, index=True, ondelete="restrict")
    question = fields.Char(related="function_id.question")
    effect = fields.Selection([("no", "No"), ("yes", "Yes")], "Concerned", copy=False)
    text = fields.Text("Assessment", copy=False, help=(
        "What the change means here, and what has to be done; or why it means nothing."))
    user_id = fields.Many2one("res.users", "Assessed By", readonly=True, copy=False, index=True)
    assessed_at = fields.Datetime("On", readonly=True, copy=False)
    by_rule = fields.Boolean("Asked by Rule", readonly=True, copy=False)
    mine = fields.Boolean("Yours", compute="_compute_mine")
    case_state = fields.Selection(related="change_id.state", string="Change State")

    _uniq = models.Constraint("UNIQUE (change_id, function_id)", "This function is asked already.")

    @api.depends_context("uid")
    @api.depends("function_id")
    def _compute_mine(self):
        groups = self.env.user.all_group_ids
        for line in self:
            line.mine = line.function_id.sudo().group_id in groups

    @api.model_create_multi
    def create(self, vals_list):
        by_rule = take(self._name, (), "asked")
        # Written out, so that no default of the caller's context or of a user gets in.
        lines = super().create([{**vals, **dict.fromkeys(ANSWER | STAMP, False),
                                 "by_rule": by_rule} for vals in vals_list])
        lines._check_open()
        if not by_rule and not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._("Further functions are asked by quality assurance."))
        return lines

    def write(self, vals):
        if STAMP & vals.keys() and not take(self._name, self.ids, tuple(sorted(vals))):
            raise AccessError(self.env._("Who assessed follows from the assessment."))
        if {"change_id", "function_id", "company_id", "by_rule"} & vals.keys():
            raise UserError(self.env._("An assessment stays with its change and its function."))
        if ANSWER & vals.keys():
            self._check_open()
            self._check_person()
        result = super().write(vals)
        if ANSWER & vals.keys():
            stamp = {"user_id": self.env.uid, "assessed_at": fields.Datetime.now()}
            with permit(self._name, self.ids, tuple(sorted(stamp))):
                self.sudo().write(stamp)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unasked(self):
        self._check_open()
        if not take(self._name, self.ids, "unasked"):
            raise UserError(self.env._("Who is asked follows from the class of the change."))

    def _check_open(self):
        if late := self.change_id.filtered(lambda one: one.state not in WRITABLE):
            raise UserError(self.env._(
                "%s is assessed. Choose “Assess Anew” to change that.", late[0].name))

    def _check_person(self):
        groups = self.env.user.all_group_ids
        if strange := self.filtered(lambda one: one.function_id.sudo().group_id not in groups):
            raise AccessError(self.env._(
                "For “%(function)s” assesses somebody of: %(group)s.",
                function=strange[0].function_id.name,
                group=strange[0].function_id.sudo().group_id.display_name))


class MedChange(models.Model):
    _inherit = "med.change"

    def _med_asked(self):
        """Return the functions that the class of this change asks; none before it has one."""
        Function = self.env["med.change.function"].sudo().with_context(
            clean_context(self.env.context), active_test=True)
        if not self.change_class:
            return Function
        classes = CLASSES[:CLASSES.index(self.change_class) + 1]
        found = Function.search([("class_from", "in", classes),
                                 ("company_id", "in", [False, self.company_id.id])])
        return found if self.product_tmpl_ids or self.component_ids else found.filtered(
            lambda one: not one.product_only)

    def _med_ask_functions(self):
        """Ask the functions of the class, and those no more that said nothing yet."""
        asked = self._med_asked()
        Line = self.env["med.change.assessment"].with_context(
            clean_context(self.env.context)).sudo()
        if new := asked - self.assessment_ids.function_id:
            with permit(Line._name, (), "asked"):
                Line.create([{"change_id": self.id, "function_id": one.id} for one in new])
        idle = self.assessment_ids.filtered(
            lambda one: one.by_rule and one.function_id not in asked and not one.user_id)
        if idle:
            with permit(Line._name, idle.ids, "unasked"):
                idle.sudo().unlink()
