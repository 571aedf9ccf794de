from odoo import api, models
from odoo.addons.med_signature.tools.permit import take
from odoo.exceptions import AccessError, UserError

QUALITY = "med_base.med_base_group_qa"
KEEPERS = (QUALITY, "med_base.med_base_group_regulatory")
VERSION = 1


class MedComplianceMixin(models.AbstractModel):
    """Values that only a model's own steps write, and records that are not deleted.

    ``_med_stepped``: field → the value that a new record has, whatever the caller sends.
    """

    _name = "med.compliance.mixin"
    _description = "Compliance Record"
    _inherit = ["med.stepped.mixin"]

    _med_stepped = {}
    _med_sequenced = False

    @api.model_create_multi
    def create(self, vals_list):
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create([{
            **vals, **self._med_stepped,
            **({"name": self.env["ir.sequence"].next_by_code(self._name) or "/"}
               if self._med_sequenced else {}),
        } for vals in vals_list])

    def write(self, vals):
        guarded = self._med_stepped.keys() | ({"name"} if self._med_sequenced else set())
        names = tuple(sorted(guarded & vals.keys()))
        if names and not take(self._name, self.ids, names):
            raise AccessError(self.env._(
                "“%(name)s” follows from the steps and is not written.",
                name=self._fields[names[0]]._description_string(self.env)))
        if "company_id" in vals and any(one.company_id.id != vals["company_id"] for one in self):
            raise AccessError(self.env._("“%s” stays in its company.", self._description))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("“%s” is kept: it is not deleted.", self._description))

    def _med_is_keeper(self):
        return self.env.su or any(map(self.env.user.has_group, KEEPERS))

    def _med_check_keeper(self):
        if not self._med_is_keeper():
            raise AccessError(self.env._("This is for quality assurance and regulatory affairs."))
