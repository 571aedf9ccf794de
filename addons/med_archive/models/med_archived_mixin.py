from odoo import fields, models

READERS = ",".join(f"med_base.med_base_group_{role}"
                   for role in ("qa", "qa_release", "regulatory", "auditor"))


class MedArchivedMixin(models.AbstractModel):
    """What archive packages are made of.

    A model names the field of ``med.archive.package`` that points to it in ``_med_archive_link``.
    """

    _name = "med.archived.mixin"
    _description = "Subject of Archive Packages"

    _med_archive_link = ""

    med_archive_count = fields.Integer("Packages for the Archive", groups=READERS,
                                       compute="_compute_med_archive_count")

    def _compute_med_archive_count(self):
        link = self._med_archive_link
        counts = dict(self.env["med.archive.package"]._read_group(
            [(link, "in", self.ids)], [link], ["__count"]))
        for one in self:
            one.med_archive_count = counts.get(one._origin, 0)

    def action_med_archive(self):
        """Open the archive packages of these."""
        return {
            "type": "ir.actions.act_window", "name": self.env._("Archive Packages"),
            "res_model": "med.archive.package", "views": [(False, "list"), (False, "form")],
            "domain": [(self._med_archive_link, "in", self.ids)],
        }

    def action_med_archive_pack(self):
        """Make an archive package of each of these, and open them."""
        made = self.env["med.archive.package"]._med_pack(self)
        return {
            "type": "ir.actions.act_window", "name": self.env._("Archive Packages"),
            "res_model": "med.archive.package", "domain": [("id", "in", made.ids)],
            "views": [(False, "list"), (False, "form")] if len(made) > 1 else [(False, "form")],
            "res_id": made.id if len(made) == 1 else False,
        }
