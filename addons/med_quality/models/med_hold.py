import hashlib

from odoo import api, fields, models
from odoo.addons.med_base.tools.arguments import are_ids
from odoo.addons.med_signature.tools.machine import Machine, Signer, Transition
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .med_hold_unreserve import unreserve

_lt = LazyTranslate(__name__)

VERSION = 1
QUALITY = "med_base.med_base_group_qa"
INSPECTION = "med_base.med_base_group_inspector"
PLACERS = ("warehouse", "operator", "inspector", "qa", "qa_release", "regulatory")
PLACED = {"name", "company_id", "source", "reason", "source_model", "source_id", "placed_by_id",
          "placed_at", "lifted_at", "lot_count", "lots_digest"}
SOURCES = [
    ("inspection", "Inspection"), ("nonconformity", "Nonconformity"), ("recall", "Recall"),
    ("excursion", "Excursion"), ("gauge", "Overdue Gauge"), ("document", "Missing Paper"),
    ("discrepancy", "Discrepancy at Scanning"), ("precaution", "Precaution"), ("other", "Other"),
]


class MedHold(models.Model):
    """Lots that nobody may use, ship or scrap until somebody lifts it (ISO 13485, 8.3.1).

    It is placed at once, by whoever sees something, and lifted by a signature.
    """

    _name = "med.hold"
    _description = "Hold"
    _inherit = ["med.signable.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    _med_machine = Machine(
        initial="open",
        content=("name", "source", "reason", "placed_at", "placed_by_id", "company_id",
                 "lot_count", "lots_digest", "conclusion"),
        transitions=(
            Transition("lift", ("open",), "lifted", _lt("Lift"),
                       (Signer("approved", groups=(QUALITY,)),), required=("conclusion",), least=1),
            # Who settles a discrepancy decides about the hold it placed.
            Transition("settle", ("open",), "lifted", _lt("Lift With Its Discrepancy"),
                       groups=(QUALITY, INSPECTION)),
        ),
        locked=("lifted",),
    )

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company)
    source = fields.Selection(SOURCES, required=True, default="precaution", tracking=True)
    reason = fields.Char(required=True, tracking=True)
    source_model = fields.Char("Source Document Model", readonly=True)
    source_id = fields.Many2oneReference(
        "Source Document", model_field="source_model", readonly=True)
    owner_id = fields.Many2one(
        "res.users", "Owner", index=True, tracking=True, default=lambda self: self.env.user,
        help="Who sees to it that it is decided.")
    placed_by_id = fields.Many2one(
        "res.users", "Placed By", required=True, readonly=True, default=lambda self: self.env.user)
    placed_at = fields.Datetime("Placed", required=True, readonly=True, default=fields.Datetime.now)
    lifted_at = fields.Datetime("Lifted", readonly=True, copy=False)
    conclusion = fields.Text(copy=False, help="Why the lots may be used again.")
    state = fields.Selection(
        [("open", "Open"), ("lifted", "Lifted")], required=True, default="open", readonly=True,
        copy=False, tracking=True, index=True)
    line_ids = fields.One2many("med.hold.line", "hold_id", "Lots", readonly=True)
    lot_count = fields.Integer("Number of Lots", readonly=True, copy=False)
    lots_digest = fields.Char(
        "SHA-256 of the Lots", readonly=True, copy=False,
        help="Of the ids of the lots in ascending order, each followed by a line feed.")
    age_days = fields.Integer("Age (Days)", compute="_compute_age")

    @api.depends("placed_at", "lifted_at")
    def _compute_age(self):
        now = fields.Datetime.now()
        for hold in self:
            hold.age_days = ((hold.lifted_at or now) - hold.placed_at).days if hold.placed_at else 0

    # ------------------------------------------------------------------ guards

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A hold is placed with its lots: select them first."))
        for vals in vals_list:
            vals["name"] = self.env["ir.sequence"].next_by_code("med.hold") or "/"
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and PLACED & vals.keys():
            raise AccessError(self.env._("What a hold says of its placing is not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Holds are not deleted: lift them."))

    def copy(self, default=None):
        raise UserError(self.env._("A hold is not copied: place a new one."))

    # ------------------------------------------------------------------ placing

    @api.model
    def place(self, lots: list, reason: str, source: str = "other", owner: int = 0):
        """Hold lots at once: nobody ships, uses, returns or scraps them until it is lifted.

        Reservations of them are taken back; what was picked already is left and told.

        :param lots: ids of lots of controlled products, all of one company or of none
        :param reason: one sentence
        :param source: inspection, nonconformity, recall, excursion, gauge, document,
            discrepancy, precaution or other
        :param owner: id of the user who sees to it; 0: the caller
        :return: ``{"version", "hold" (id), "name", "held" (number of lots), "unreserved" (lines),
            "picked": [{"line", "lot", "document"}], "gone": [{"lot", "quantity"}]}``, the last the
            lots of which something is with consignees
        :raise UserError: an argument is wrong; nothing is held then
        """
        self._check_placer()
        if not lots or not are_ids(lots):
            raise UserError(self.env._("“lots” must be a list of ids."))
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("“reason” must say why, in one sentence."))
        if source not in dict(SOURCES):
            raise UserError(self.env._(
                "“source” must be one of: %(names)s.", names=", ".join(dict(SOURCES))))
        found = self.env["stock.lot"].browse(lots).exists()
        if len(found) != len(set(lots)):
            raise UserError(self.env._("“lots” names a lot that there is not."))
        found.check_access("read")
        keeper = self.env["res.users"].browse(owner or self.env.uid).exists()
        if not keeper:
            raise UserError(self.env._("“owner” names a user that there is not."))
        hold, told = self._place(found, reason.strip(), source, owner=keeper)
        return {"version": VERSION, "hold": hold.id, "name": hold.name, "held": hold.lot_count,
                **told}

    def _check_placer(self):
        if not self.env.su and not any(
                self.env.user.has_group(f"med_base.med_base_group_{role}") for role in PLACERS):
            raise AccessError(self.env._("Your role places no holds: tell quality assurance."))

    @api.model
    def _place(self, lots, reason, source, document=None, owner=None):
        """Hold lots; return the hold, and what was found as :meth:`place` tells it."""
        lots = lots.sudo()
        wild = lots.product_id.filtered(lambda product: not product.med_controlled)
        if wild := wild and lots.filtered(lambda lot: lot.product_id in wild):
            raise UserError(self.env._(
                "%(lots)s: only lots of controlled products are held. Mark the product first.",
                lots=", ".join(wild[:5].mapped("name"))))
        companies = lots.company_id
        if len(companies) > 1:
            raise UserError(self.env._("The lots are of several companies: hold them apart."))
        self.env.flush_all()
        ids = sorted(lots.ids)
        # The update is what a transaction that ships one of them at this moment collides with.
        self.env.execute_query(SQL(
            "SELECT id FROM stock_lot WHERE id IN %s ORDER BY id FOR UPDATE", tuple(ids)))
        hold = self.sudo().create({
            "reason": reason, "source": source, "company_id": (companies or self.env.company).id,
            "owner_id": (owner or self.env.user).id, "placed_by_id": self.env.uid,
            "source_model": document._name if document else False,
            "source_id": document.id if document else False,
            "lot_count": len(ids), "lots_digest": digest(ids),
            # Written out, so that no default of the caller's context gets in.
            "lifted_at": False, "conclusion": False,
        })
        self.env.flush_all()
        self.env.cr.execute(SQL("""
            INSERT INTO med_hold_line (hold_id, lot_id, open, create_uid, create_date, write_uid,
                                       write_date)
            SELECT %(hold)s, id, true, %(uid)s, %(now)s, %(uid)s, %(now)s FROM stock_lot
             WHERE id IN %(ids)s ORDER BY id""",
            hold=hold.id, uid=self.env.uid, now=fields.Datetime.now(), ids=tuple(ids)))
        self._count(ids)
        freed, picked = unreserve(self.env, ids)
        told = {"unreserved": freed, "picked": picked, "gone": self._gone(ids)}
        hold._tell(told)
        return hold.with_env(self.env), told

    def _tell(self, told):
        """Say in the hold what was found when it was placed, and ask its owner to see to it."""
        names = dict(self.env["stock.lot"].browse(
            [row["lot"] for row in told["picked"] + told["gone"]]).mapped(
                lambda lot: (lot.id, lot.name)))
        lines = [self.env._("%(lots)s lots held, %(lines)s reservations taken back.",
                            lots=self.lot_count, lines=told["unreserved"])]
        if told["picked"]:
            lines.append(self.env._("Picked already, put it back: %(what)s", what="; ".join(
                f"{names[row['lot']]} ({row['document']})" for row in told["picked"][:20])))
        if told["gone"]:
            lines.append(self.env._("With consignees already: %(what)s", what="; ".join(
                f"{names[row['lot']]} ({row['quantity']:g})" for row in told["gone"][:20])))
        self._message_log(body="\n".join(lines))
        self.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.owner_id.id,
            summary=self.env._("Decide about the held lots"))

    @api.model
    def _count(self, ids):
        """Set how many open holds lots have, from the lines."""
        self.env.cr.execute(SQL("""
            UPDATE stock_lot l SET med_hold_count = (
                SELECT count(*) FROM med_hold_line h WHERE h.lot_id = l.id AND h.open)
             WHERE l.id IN %s""", tuple(ids)))
        self.env["stock.lot"].invalidate_model(["med_hold_count", "med_hold_line_ids"], flush=False)
        self.env["med.hold.line"].invalidate_model(flush=False)

    @api.model
    def _gone(self, ids):
        """Return the lots of which consignees hold something, with how much."""
        return [{"lot": lot, "quantity": float(quantity)} for lot, quantity in
                self.env.execute_query(SQL("""
            SELECT q.lot_id, sum(q.quantity) FROM stock_quant q
              JOIN stock_location l ON l.id = q.location_id
             WHERE l.usage = 'customer' AND q.lot_id IN %s
          GROUP BY q.lot_id HAVING sum(q.quantity) > 0 ORDER BY q.lot_id""", tuple(ids)))]

    # ------------------------------------------------------------------ lifting

    def _med_before_transition(self, transition):
        super()._med_before_transition(transition)
        lots = sorted(self.line_ids.lot_id.ids)
        if digest(lots) != self.lots_digest:
            raise UserError(self.env._(
                "%(name)s: the lots are not those that were held.", name=self.name))
        if transition.name == "settle":
            self._med_check_settled()

    def _med_check_settled(self):
        """Raise unless the discrepancy that placed this hold was settled in favour of the lot."""
        found = self.env["med.udi.discrepancy"].sudo().browse(
            self.source_id if self.source_model == "med.udi.discrepancy" else ()).exists()
        if found.state != "withdrawn" and found.conclusion not in ("accepted", "corrected"):
            raise UserError(self.env._(
                "%s is lifted by quality assurance with a signature.", self.name))

    def _med_after_transition(self, transition):
        super()._med_after_transition(transition)
        ids = self.line_ids.lot_id.ids
        self.env.execute_query(SQL(
            "SELECT id FROM stock_lot WHERE id IN %s ORDER BY id FOR UPDATE", tuple(ids) or (0,)))
        self.env.cr.execute(SQL(
            "UPDATE med_hold_line SET open = false WHERE hold_id = %s", self.id))
        self._count(ids or [0])
        self.lifted_at = fields.Datetime.now()
        self.activity_ids.unlink()

    def lift(self, login: str, secret: str, conclusion: str, code: str = "", by: str = "password"):
        """Lift these holds with a person's own signature.

        :param login: login id of the signer, of quality assurance
        :param secret: his password, PIN or passkey answer, see ``med_sign``
        :param conclusion: why the lots may be used again
        :return: as ``med_sign``
        """
        self.check_access("write")
        if not isinstance(conclusion, str) or not conclusion.strip():
            raise UserError(self.env._("“conclusion” must say why the lots may be used again."))
        self.write({"conclusion": conclusion.strip()})
        return self.med_sign(meaning="approved", login=login, secret=secret, code=code, by=by)


def digest(ids):
    """Return what a hold keeps of its lots."""
    return hashlib.sha256("".join(f"{lot}\n" for lot in sorted(ids)).encode()).hexdigest()
