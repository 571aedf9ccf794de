from odoo import models
from odoo.exceptions import UserError


class MedRepack(models.Model):
    """A lot that gets another number stays of the version it was made to."""

    _inherit = "med.repack"

    def _check_post(self):
        super()._check_post()
        self.sudo()._med_version()

    def _post(self):
        new, version = self.output_ids.filtered(lambda line: not line.lot_id), self._med_version()
        super()._post()
        if version:
            new.lot_id.filtered(
                lambda lot: lot.product_id.product_tmpl_id == version.product_tmpl_id
            )._med_store_version(version)

    def _med_version(self):
        """Return the version of what goes in and stays the same product; none where it has none.

        :raise UserError: parts of different versions would come under one number
        """
        products = self.input_ids.product_id & self.output_ids.product_id
        lots = (self.input_ids.lot_id | self.output_ids.lot_id).filtered(
            lambda lot: lot.product_id in products)
        versions = lots.med_version_id
        if versions and (len(versions) > 1 or lots.filtered(lambda lot: not lot.med_version_id)):
            raise UserError(self.env._(
                "%(lots)s were not made to the same version of %(product)s: each keeps a number "
                "of its own.", lots=", ".join(lots.mapped("name")),
                product=versions[0].product_tmpl_id.display_name))
        return versions
