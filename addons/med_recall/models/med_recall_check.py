from odoo import api, fields, models
from odoo.exceptions import UserError

# Where the news came from → what must be said of it before anything is judged.
NAMED = {"supplier": ("origin_partner_id",),
         "maker": ("origin_partner_id", "origin_reference"),
         "authority": ("origin_partner_id", "origin_reference")}


def _country(partner):
    return partner.country_id or partner.commercial_partner_id.country_id


class MedRecall(models.Model):
    """Who may judge the hazard, and what an assessment and a decision may not lack."""

    _inherit = "med.recall"

    market_missing_ids = fields.Many2many(
        "med.jurisdiction", string="Still Without a Level", compute="_compute_market_missing",
        help="Something in scope was shipped there.")

    @api.depends("scope_id", "level_ids.jurisdiction_id")
    def _compute_market_missing(self):
        for record in self:
            record.market_missing_ids = False if record.state not in ("open", "assessed") else (
                record._med_markets()[0] - record.level_ids.jurisdiction_id)

    def _med_markets(self):
        """Return the jurisdictions that the present scope reaches, and the consignees of whom
        nobody has said in which country they are."""
        self.ensure_one()
        groups = self.env["med.recall.delivery"].sudo()._read_group(
            [("scope_id", "=", self.scope_id.id)], ["partner_id"]) if self.scope_id else []
        partners = self.env["res.partner"].sudo().union(*(partner for [partner] in groups))
        lost = partners.filtered(lambda one: not _country(one))
        countries = self.env["res.country"].union(*(_country(one) for one in partners))
        return self.env["med.jurisdiction"].sudo()._med_of_countries(countries), lost

    def action_levels(self):
        """Add a line for each jurisdiction that the scope reaches and that has no level yet."""
        self.ensure_one()
        self.check_access("write")
        self.write({"level_ids": [fields.Command.create({"jurisdiction_id": one.id})
                                  for one in self.market_missing_ids]})

    # ------------------------------------------------------------------ signers

    def _med_check_signer(self, proof, transition, slot):
        super()._med_check_signer(proof, transition, slot)
        if transition.name == "assess" and proof.user.sudo() not in self.sudo().assessor_ids:
            self._med_refuse_step(transition.name, self.env._(
                "%s is not named as an assessor of this recall.", proof.user.name))

    # ------------------------------------------------------------------ steps

    def _med_check_assess(self):
        super()._med_check_assess()
        self._med_check_origin()
        if self.scope_id:
            self._med_check_levels()

    def _med_check_decide(self):
        super()._med_check_decide()
        self._med_check_levels()
        if self.role == "distributor" and self.origin not in ("maker", "authority"):
            raise UserError(self.env._(
                "%s: a distributor carries out the recall of a maker or of an authority. Stop what "
                "you have, tell the maker, and decide when he has.", self.name))

    def _med_check_origin(self):
        """Raise unless it is said from whom the news came, and under which reference."""
        if self.role == "maker" and self.origin == "maker":
            raise UserError(self.env._(
                "%s: whoever carries out the recall of a maker is a distributor.", self.name))
        if missing := [self._med_field_label(name) for name in NAMED.get(self.origin, ())
                       if not self[name]]:
            raise UserError(self.env._(
                "%(name)s: say of %(origin)s also: %(fields)s.", name=self.name,
                origin=self._med_printed("origin"), fields=", ".join(missing)))

    def _med_check_levels(self):
        """Raise unless there is a level wherever something in scope was shipped."""
        markets, lost = self._med_markets()
        if lost:
            raise UserError(self.env._(
                "%(name)s: enter the country of %(partners)s: it decides which law applies.",
                name=self.name, partners=", ".join(lost[:5].mapped("display_name"))))
        if missing := markets - self.sudo().level_ids.jurisdiction_id:
            raise UserError(self.env._(
                "%(name)s: it was shipped to %(markets)s: assess it for these too.",
                name=self.name, markets=", ".join(missing.mapped("display_name"))))
