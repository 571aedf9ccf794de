from odoo import api, models
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError, ValidationError

PORTAL = "med_base.med_base_group_portal_processor"


class MedProcessor(models.Model):
    """Whose file it is stays; who of theirs may report is one of theirs."""

    _inherit = "med.processor"

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        rows = [{**vals, "location_id": vals.get("location_id", False)} for vals in vals_list]
        if any(row["location_id"] for row in rows):
            self._med_refuse_place()
        return super().create(rows)

    def write(self, vals):
        if "location_id" in vals and not take(self._name, self.ids, ("place", vals["location_id"])):
            self._med_refuse_place()
        if "company_id" in vals and any(one.company_id.id != vals["company_id"] for one in self):
            raise UserError(self.env._(
                "A processor's file stays with its company: make another file there."))
        if "active" in vals and not vals["active"] and any(
                one.state in ("approved", "suspended") or one.state == "draft" and one.location_id
                for one in self):
            raise UserError(self.env._(
                "“%(name)s”: end the file before archiving it.", name=self[:1].display_name))
        if "partner_id" in vals and any(
                one.location_id and one.partner_id.id != vals["partner_id"] for one in self):
            raise UserError(self.env._(
                "“%(name)s” was approved once: its file stays with it. Make a file of the other "
                "contact.", name=self[:1].display_name))
        return super().write(vals)

    def _med_refuse_place(self):
        raise AccessError(self.env._("The place of a processor is made by its approval."))

    @api.constrains("partner_id", "company_id")
    def _check_partner(self):
        for one in self.sudo():
            if one.partner_id != one.partner_id.commercial_partner_id:
                raise ValidationError(self.env._(
                    "“%(contact)s” is a contact of “%(company)s”: the file is made of the "
                    "organisation itself.", contact=one.partner_id.display_name,
                    company=one.partner_id.commercial_partner_id.display_name))
            if one.partner_id == one.company_id.partner_id:
                raise ValidationError(self.env._("Your own company is not its own processor."))

    @api.constrains("user_ids", "partner_id")
    def _check_users(self):
        for one in self.sudo():
            if wrong := one.user_ids - one._med_people(one.user_ids):
                raise ValidationError(self.env._(
                    "%(users)s: not a portal user “Processor” of “%(name)s”. Invite a contact of "
                    "this processor to the portal and give that group first.",
                    users=", ".join(wrong.mapped("name")), name=one.partner_id.display_name))

    @api.constrains("owner_id")
    def _check_owner(self):
        if any(one.owner_id.share for one in self.sudo()):
            raise ValidationError(self.env._("Who is responsible for a processor is one of us."))

    def _med_people(self, users=None):
        """Return who of theirs may act for this processor now.

        Only portal users: our own people never report in a processor's name, and what is entered
        for them says so by its origin.

        :param users: among these; those of the file when left out
        """
        self.ensure_one()
        users = (self.user_ids if users is None else users).sudo()
        return users.filtered(lambda user: (
            user.active and user.share and user.has_group(PORTAL)
            and user.partner_id.commercial_partner_id == self.sudo().partner_id))
