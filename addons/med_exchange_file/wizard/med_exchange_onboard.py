from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.plain import plain

# Who may set up a partner that sends nothing but files; keys and programs are the administrator's.
SETTERS = ("med_base.med_base_group_qa", "med_base.med_base_group_regulatory",
           "med_base.med_base_group_purchasing", "med_base.med_base_group_system_admin")
ADMIN = "med_base.med_base_group_system_admin"
# Role → schemas of which it may let a partner send files: those whose records it enters anyhow.
ENTERS = {
    ADMIN: None, "med_base.med_base_group_qa": None,  # None: all
    "med_base.med_base_group_regulatory": {"organisation"},
    "med_base.med_base_group_purchasing": {"organisation"},
    "med_base.med_base_group_warehouse": {"organisation"},
}


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
    encoding = fields.Selection(
        [("auto", "Found Out"), ("utf-8", "UTF-8"), ("gb18030", "GB 18030, GBK (Chinese)"),
         ("windows-1252", "Windows-1252 (Western)")], "Encoding of CSV", required=True,
        default="auto")
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
        mappings = self.env["med.exchange.mapping"].with_context(plain(self.env.context))
        if self.encoding != "auto":
            values["encoding"] = self.encoding
        if self.copy_id:
            mapping = self.copy_id.with_env(mappings.env).copy(values)
        else:
            mapping = mappings.create({**values, "schema_id": self.schema_id.id})
        mapping.action_propose()
        return {"type": "ir.actions.act_window", "res_model": mapping._name, "res_id": mapping.id,
                "view_mode": "form"}

    def _med_partner(self):
        """Return the partner, with the right to send the schema."""
        # What is done with more rights than the person has sees nothing of his context.
        clean = plain(self.env.context)
        partner = self.exchange_partner_id
        if partner:
            partner.check_access("read")
            if not partner.sudo().with_context(clean)._med_right(self.schema_id.name, "in"):
                self._med_check_gives(partner)
        elif not self.partner_id or not self.code:
            raise UserError(self.env._("Say which organisation it is, and give it a code."))
        else:
            self._med_check_gives()
            if self.company_id not in self.env.companies:
                raise AccessError(self.env._("%s is not a company of yours.", self.company_id.name))
            self.partner_id.check_access("read")
            partner = self.env["med.exchange.partner"].sudo().with_context(clean).create({
                "name": self.partner_id.name, "code": self.code.strip(),
                "partner_id": self.partner_id.id, "company_id": self.company_id.id,
                "responsible_id": self.env.uid})
            partner.make_user()
        partner = partner.sudo().with_context(clean)
        if not partner._med_right(self.schema_id.name, "in"):
            partner.env["med.exchange.right"].create({
                "exchange_partner_id": partner.id, "schema": self.schema_id.name,
                "direction": "in", "conflict_policy": self.conflict_policy})
        return partner.with_env(self.env)

    def _med_check_gives(self, partner=None):
        """Raise unless the person may let a partner, or a new one, send the schema.

        :raise AccessError: its records are not his, or more than files speak for the partner
        """
        allowed = [schemas for role, schemas in ENTERS.items() if self.env.user.has_group(role)]
        if not any(schemas is None or self.schema_id.name in schemas for schemas in allowed):
            raise AccessError(self.env._(
                "“%s” is not among what your role enters: have quality assurance or the "
                "administrator set up its files.", self.schema_id.title or self.schema_id.name))
        if partner and partner._med_has_program() and not self.env.user.has_group(ADMIN):
            raise AccessError(self.env._(
                "%(code)s has a user, keys or an address of its own: what it may send beyond "
                "“%(there)s” is for the administrator to say. Have the right given first.",
                code=partner.code, there=", ".join(partner.sudo().right_ids.filtered(
                    lambda right: right.direction == "in").mapped("schema")) or "–"))

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
