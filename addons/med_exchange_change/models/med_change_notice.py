from odoo import api, fields, models
from odoo.addons.med_change.models.med_change import QUALITY
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError

# Written by steps alone; the value that a new notice has.
STEPPED = {"direction": "out", "state": "planned", "told_at": False, "overdue_told": False,
           "exchange_partner_id": False, "their_notice": False, "their_state": False}
SAID = {"partner_id", "product_ids", "description", "reason"}
ENDED = ("effective", "closed", "rejected", "cancelled")


class MedChangeNotice(models.Model):
    """That one partner is told of a change, and asked whether he agrees; or told us of his.

    What he reads is fixed once he was told. A change waits for every partner whose agreement it
    needs.
    """

    _name = "med.change.notice"
    _description = "Notice of a Change"
    _inherit = ["med.stepped.mixin"]
    _order = "change_id desc, id"
    _med_stepped = STEPPED

    name = fields.Char("Code", compute="_compute_name", help="By which the partner knows it.")
    change_id = fields.Many2one("med.change", "Change", required=True, index=True,
                                ondelete="restrict")
    company_id = fields.Many2one(related="change_id.company_id", store=True, index=True)
    change_state = fields.Selection(related="change_id.state", string="Change State")
    direction = fields.Selection([("out", "Told by Us"), ("in", "Announced by the Partner")],
                                 required=True, readonly=True, default="out", index=True)
    partner_id = fields.Many2one("res.partner", "Partner", required=True, index=True,
                                 ondelete="restrict")
    product_ids = fields.Many2many(
        "product.product", string="Products", ondelete="restrict",
        help="Of the products that change, those that the partner is told of.")
    description = fields.Text("What the Partner Reads", help="What changes, from what to what.")
    reason = fields.Text(help="Why, as the partner reads it.")
    agreement_needed = fields.Boolean(help="The change waits until the partner has agreed.")
    answer_by = fields.Date(help="Last day to answer.")
    state = fields.Selection(
        [("planned", "To Be Told"), ("told", "Told"), ("agreed", "Agreed"), ("refused", "Refused"),
         ("received", "Announced to Us")], required=True, readonly=True, default="planned",
        index=True)
    told_at = fields.Datetime("Told On", readonly=True)
    overdue_told = fields.Boolean(readonly=True)
    exchange_partner_id = fields.Many2one(
        "med.exchange.partner", "Came From", readonly=True, index="btree_not_null",
        ondelete="restrict", help="Whose message announced it.")
    their_notice = fields.Json(readonly=True)
    their_state = fields.Char("State There", readonly=True)
    answer_ids = fields.One2many("med.change.answer", "notice_id", "Answers", readonly=True)

    _once = models.UniqueIndex("(change_id, partner_id)",
                               "The partner has a notice of this change.")

    @api.depends("change_id.name")
    def _compute_name(self):
        for notice in self:
            notice.name = f"{notice.change_id.name}/{notice.id or ''}"

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        received = take(self._name, (), "received")
        # Written out, so that no default of the caller's context or of a user gets in.
        notices = super().create([{
            "product_ids": [], **dict.fromkeys((
                "description", "reason", "agreement_needed", "answer_by"), False),
            **vals, **({} if received else STEPPED), "answer_ids": [],
        } for vals in vals_list])
        if not received:
            notices.change_id._med_check_mine(later=True)
            notices._med_check_open()
            notices._med_check_products()
        self.env["med.exchange.change_notice"]._med_tell(notices)
        return notices

    def write(self, vals):
        if {"change_id", "company_id"} & vals.keys():
            raise UserError(self.env._("A notice stays with its change."))
        names = tuple(sorted(STEPPED.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._("How far a notice is follows from its steps."))
        if not names:
            self._med_check_written(vals)
        if "answer_by" in vals and not names:
            self._med_store({"overdue_told": False})
        if "agreement_needed" in vals and not names:
            self._med_note_needed(vals["agreement_needed"])
        done = super().write(vals)
        if "product_ids" in vals and not names:
            self._med_check_products()
        tell = self.env["med.exchange.change_notice"]
        # A notice says the same before its partner is told, when he may not hear of it.
        (tell._med_tell_anew if "told_at" in vals else tell._med_tell)(self)
        return done

    def _med_check_written(self, vals):
        self.change_id._med_check_mine(later=True)
        self._med_check_open()
        if SAID & vals.keys() and (fixed := self.filtered(lambda one: one.state != "planned")):
            raise UserError(self.env._(
                "%s: the partner was told: what was said stays.", fixed[0].name))
        if vals.get("agreement_needed") is False:
            self._med_check_dropped()

    def _med_check_dropped(self):
        """Refuse to drop an agreement that was asked for, or that the approval was built on."""
        if not self.env.su and not self.env.user.has_group(QUALITY) and self.filtered(
                lambda one: one.agreement_needed and (
                    one.state != "planned" or one.change_id.state == "approved")):
            raise AccessError(self.env._(
                "That a partner need not agree after all is for quality assurance to say."))

    def _med_note_needed(self, needed):
        """Log on the change whose agreement it waits for from now on, or no more."""
        for notice in self.filtered(
                lambda one: one.state != "planned" and one.agreement_needed != needed):
            notice.change_id._med_note((
                self.env._("It waits for the agreement of %s now.") if needed
                else self.env._("It waits for the agreement of %s no more.")
            ) % notice.partner_id.display_name)

    def _med_check_open(self):
        if late := self.filtered(lambda one: one.change_id.state in ENDED):
            raise UserError(self.env._(
                "%s is in effect or ended: its notices stay as they are.",
                late[0].change_id.name))

    def _med_check_products(self):
        """Refuse to tell of products that the change does not name."""
        for notice in self.sudo():
            if strange := notice.product_ids - notice.change_id._med_told_products():
                raise UserError(self.env._(
                    "%(product)s is none of the products or materials of %(change)s.",
                    product=strange[0].display_name, change=notice.change_id.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_planned(self):
        self.change_id._med_check_mine(later=True)
        if told := self.filtered(lambda one: one.state != "planned"):
            raise UserError(self.env._("%s: who was told stays in the list.", told[0].name))
        self._med_check_dropped()

    def copy(self, default=None):
        raise UserError(self.env._("A notice is not copied: a partner is told once of a change."))
