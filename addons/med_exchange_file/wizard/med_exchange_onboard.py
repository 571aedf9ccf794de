from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# Who may set up a partner that sends nothing but files; keys and programs are the administrator's.
SETTERS = ("med_base.med_base_group_qa", "med_base.med_base_group_regulatory",
           "med_base.med_base_group_purchasing", "med_base.med_base_group_system_admin")


class MedExchangeOnboard(models.TransientModel):
    """A new partner by file: who, which schema, a sample. The rest is proposed."""

    _name = "med.exchange.onboard"
    _description = "New Partner by File"

    exchange_partner_id = fields.Many2one(
        "med.exchange.partner", "Known Partner", domain="[('company_id', '=', company_id)]",
        help="Empty: a new partner is made.")
    company_id = fields.Many2one("res.company", required=True,
                                 default=lambda self: self.env.company)
    partner_id = fields.Many2one("res.partner", "Organisation")
    code = fields.Char(compute="_compute_code", store=True, readonly=False,
                       help="What its messages name as their sender: capital letters, digits and "
                            "hyphens.")
    schema_id = fields.Many2one(
        "med.exchange.schema", "What It Sends", required=True, domain=lambda self: [
            ("state", "=", "active"),
            ("name", "in", list(self.env["med.exchange.handler"]._med_handlers()))])
    conflict_policy = fields.Selection(
        [("theirs", "Their word counts"), ("ours", "Our word counts"),
         ("newest", "The newest counts"), ("ask", "A person decides")], "When Both Changed It",
        required=True, default="ask")
    copy_id = fields.Many2one("med.exchange.mapping", "As Mapping",
                              domain="[('schema_id', '=', schema_id)]",
                              help="Take over the mapping of a partner with the same columns.")
    sample = fields.Binary("Sample File", attachment=False)
    sample_name = fields.Char()

    @api.depends("partner_id")
    def _compute_code(self):
        for wizard in self:
            name = (wizard.partner_id.ref or wizard.partner_id.name or "").upper()
            wizard.code = wizard.code or "-".join(
                "".join(one if one.isascii() and one.isalnum() else " " for one in name)
                .split())[:32]

    def action_next(self):
        """Make the partner and its mapping, with columns proposed, and open the mapping."""
        self.ensure_one()
        if not any(map(self.env.user.has_group, SETTERS)):
            raise AccessError(self.env._(
                "Partners by file are set up by quality assurance, regulatory affairs, purchasing "
                "or the administrator."))
        if not self.sample and not self.copy_id:
            raise UserError(self.env._("Give a sample file, or a mapping to take over."))
        partner = self._med_partner()
        values = {"exchange_partner_id": partner.id,
                  "name": self._med_name(partner), "sample": self.sample,
                  "sample_name": self.sample_name}
        mappings = self.env["med.exchange.mapping"]
        if self.copy_id:
            mapping = self.copy_id.copy(values)
        else:
            mapping = mappings.create({**values, "schema_id": self.schema_id.id})
        mapping.action_propose()
        return {"type": "ir.actions.act_window", "res_model": mapping._name, "res_id": mapping.id,
                "view_mode": "form"}

    def _med_partner(self):
        """Return the partner, with the right to send the schema."""
        partner = self.exchange_partner_id
        if partner:
            partner.check_access("read")
        elif not self.partner_id or not self.code:
            raise UserError(self.env._("Say which organisation it is, and give it a code."))
        else:
            partner = self.env["med.exchange.partner"].sudo().create({
                "name": self.partner_id.name, "code": self.code.strip(),
                "partner_id": self.partner_id.id, "company_id": self.company_id.id,
                "responsible_id": self.env.uid})
            partner.make_user()
        if not partner.sudo()._med_right(self.schema_id.name, "in"):
            self.env["med.exchange.right"].sudo().create({
                "exchange_partner_id": partner.id, "schema": self.schema_id.name,
                "direction": "in", "conflict_policy": self.conflict_policy})
        return partner.with_env(self.env)

    def _med_name(self, partner):
        """Return a name for the mapping that the partner has not."""
        name, number = self.schema_id.title or self.schema_id.name, 1
        taken = set(self.env["med.exchange.mapping"].sudo().search(
            [("exchange_partner_id", "=", partner.id)]).mapped("name"))
        found = name
        while found in taken:
            number += 1
            found = f"{name} {number}"
        return found
