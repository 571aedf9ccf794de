from odoo import api, fields, models
from odoo.addons.med_capa.models.med_capa import FINAL
from odoo.addons.med_signature.tools import canonical
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

QUALITY = "med_base.med_base_group_qa"
PARTS = ("containment", "cause", "corrective", "preventive")
# Written by steps alone; the value that a new request has.
STEPPED = {"name": "/", "direction": "out", "sent_at": False, "answered_at": False,
           "answer_id": False, "overdue_told": False, "exchange_partner_id": False,
           "their_number": False, "their_state": False}
SAID = ("capa_id", "partner_id", "nonconformity_id", "title", "problem", "product_ids", "lot_ids",
        *(f"ask_{part}" for part in PARTS), "date_contain", "date_due")
REVIEWED = (*SAID, "name", "answer_id", "answer_digest", "review")
WAITING = ("sent", "returned")
OPEN = ("draft", *WAITING, "answered")
ENDED = ("accepted", "cancelled")
THEIR_STATES = [("open", "Open"), ("planned", "Planned"), ("implemented", "Implemented"),
                ("effective", "Effective"), ("ineffective", "Not Effective"),
                ("cancelled", "No Action Needed")]


class MedCapaRequest(models.Model):
    """That one partner is asked for corrective action under a CAPA; or told us of his own.

    What he reads is fixed once it is sent. The CAPA waits until his answer is accepted, or until
    the request is cancelled.
    """

    _name = "med.capa.request"
    _description = "Corrective Action Request"
    _inherit = ["med.stepped.mixin", "med.ending.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ("name", "title", "their_number")
    _check_company_auto = True
    _med_stepped = STEPPED

    _med_machine = Machine(
        initial="draft",
        content=REVIEWED,
        transitions=(
            Transition("send", ("draft",), "sent", _lt("Send"), groups=(QUALITY,),
                       required=("capa_id", "title", "problem", "date_due")),
            Transition("answer", ("sent", "returned"), "answered", _lt("Partner Answers")),
            Transition("accept", ("answered",), "accepted", _lt("Accept"),
                       (Signer("reviewed", groups=(QUALITY,)),), content=REVIEWED,
                       required=("answer_id",), least=1),
            Transition("return", ("answered",), "returned", _lt("Send Back"),
                       (Signer("reviewed", groups=(QUALITY,)),), content=REVIEWED,
                       required=("answer_id", "review"), restart=True, least=1),
            Transition("receive", ("draft",), "received", _lt("Partner Tells")),
            Transition("cancel", ("draft", "sent", "returned", "answered", "received"),
                       "cancelled", _lt("Cancel"), groups=(QUALITY,), reason=True),
        ),
        locked=("sent", "returned", "answered", "received", "accepted", "cancelled"),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    capa_id = fields.Many2one("med.capa", "CAPA", index=True, ondelete="restrict",
                              check_company=True)
    capa_state = fields.Selection(related="capa_id.state", string="CAPA State")
    nonconformity_id = fields.Many2one(
        "med.nonconformity", "Nonconformity", index="btree_not_null", ondelete="restrict",
        check_company=True, help="Whose number the partner reads.")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True,
                                 default=lambda self: self.env.company)
    direction = fields.Selection(
        [("out", "Asked by Us"), ("in", "Told by the Partner")], required=True, readonly=True,
        default="out", index=True)
    partner_id = fields.Many2one("res.partner", "Partner", required=True, index=True,
                                 tracking=True, ondelete="restrict",
                                 help="Supplier, processor or other partner who is asked.")
    title = fields.Char("In One Sentence", tracking=True)
    problem = fields.Text("What Is Wrong", help="As the partner reads it. Nothing of the CAPA "
                                                "itself is told.")
    product_ids = fields.Many2many("product.product", string="Products", ondelete="restrict",
                                   check_company=True)
    lot_ids = fields.Many2many("stock.lot", string="Lots", ondelete="restrict",
                               check_company=True, help="Only lots that this partner made, "
                                                        "delivered, processed or received.")
    ask_containment = fields.Boolean("Containment", default=True)
    ask_cause = fields.Boolean("Root Cause", default=True)
    ask_corrective = fields.Boolean("Corrective Actions", default=True)
    ask_preventive = fields.Boolean("Preventive Actions")
    date_contain = fields.Date("Containment Due")
    date_due = fields.Date("Answer Due", index=True, tracking=True)
    sent_at = fields.Datetime("Sent", readonly=True, copy=False)
    answered_at = fields.Datetime("Answered", readonly=True, copy=False)
    answer_id = fields.Many2one(
        "med.capa.request.answer", "Answer That Counts", readonly=True, copy=False,
        index="btree_not_null", ondelete="restrict")
    answer_digest = fields.Char(
        "SHA-256 of the Answer", compute="_compute_answer_digest",
        help="Of the answer that counts, with its actions and files: under our signature.")
    answer_ids = fields.One2many("med.capa.request.answer", "request_id", "Answers", readonly=True)
    review = fields.Text("What Is Missing", copy=False, help=(
        "Why the answer is sent back, as the partner reads it."))
    overdue_told = fields.Boolean(readonly=True, copy=False)
    exchange_partner_id = fields.Many2one(
        "med.exchange.partner", "Came From", readonly=True, index="btree_not_null",
        ondelete="restrict", help="Whose message told of it.")
    their_number = fields.Char("Number There", readonly=True, copy=False, index="btree_not_null")
    their_state = fields.Selection(THEIR_STATES, "State There", readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent"), ("answered", "Answered"),
         ("returned", "Sent Back"), ("accepted", "Accepted"), ("received", "Told to Us"),
         ("cancelled", "Cancelled")], required=True, default="draft", readonly=True, copy=False,
        tracking=True, index=True)

    _name_uniq = models.Constraint("UNIQUE (name)", "There is a request of this number.")
    _their_uniq = models.UniqueIndex(
        "(company_id, partner_id, their_number) WHERE direction = 'in' AND state <> 'cancelled'",
        "This partner has told of this CAPA already.")

    @api.depends("name", "title", "their_number")
    def _compute_display_name(self):
        for one in self:
            number = one.their_number if one.direction == "in" else one.name
            one.display_name = f"{number}: {one.title}" if one.title else number

    @api.depends("answer_id")
    def _compute_answer_digest(self):
        for one in self:
            answer = one.sudo().answer_id
            one.answer_digest = canonical.digest(canonical.canonical(
                answer._med_plain())) if answer else False

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        told = take(self._name, (), "told")
        rows = []
        for vals in vals_list:
            capa = self.env["med.capa"].browse(vals.get("capa_id") or ())
            rows.append({
                # Written out, so that no default of the caller's context or of a user gets in.
                **{f"ask_{part}": part != "preventive" for part in PARTS},
                **dict.fromkeys(("nonconformity_id", "title", "problem", "date_contain",
                                 "date_due"), False),
                "product_ids": [], "lot_ids": [], "company_id": self.env.company.id,
                **vals, **({**STEPPED, **vals} if told else STEPPED), "review": False,
                **({"company_id": capa.sudo().company_id.id} if capa else {}),
                "name": self.env["ir.sequence"].sudo().next_by_code(self._name) or "/"})
        requests = super().create(rows)
        if not told:
            requests._med_check_asked()
        return requests

    def write(self, vals):
        if {"company_id", "capa_id"} & vals.keys() and any(
                one[name].id != vals[name] for one in self
                for name in ("company_id", "capa_id") if name in vals):
            raise UserError(self.env._("A request stays with its CAPA."))
        names = tuple(sorted(STEPPED.keys() & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._("How far a request is follows from its steps."))
        if {*SAID} & vals.keys() and "in" in self.mapped("direction") and not take(
                self._name, self.ids, "told anew"):
            raise AccessError(self.env._("What a partner tells of its own CAPA is not changed."))
        done = super().write(vals)
        if {"partner_id", "nonconformity_id", "lot_ids", "product_ids"} & vals.keys() and (
                not names):
            self._med_check_asked()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Requests to partners are not deleted: cancel them."))

    def copy(self, default=None):
        raise UserError(self.env._("A request is not copied: begin it under its CAPA."))

    def _med_check_asked(self):
        """Refuse a request under a closed CAPA, and what is not this partner's to hear of."""
        for one in self.filtered(lambda one: one.direction == "out"):
            if not one.capa_id:
                raise UserError(self.env._("A request belongs to a CAPA: choose it."))
            if one.capa_id.sudo().state in FINAL:
                raise UserError(self.env._(
                    "%s is closed: nobody is asked under it any more.", one.capa_id.name))
            one._med_check_own()

    def _med_is_locked(self, name):
        if name == "review":
            return self.state != "answered"
        if name in STEPPED or self.direction == "in":  # written under a permit alone
            return False
        return super()._med_is_locked(name)
