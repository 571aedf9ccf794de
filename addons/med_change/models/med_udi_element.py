from odoo import api, fields, models
from odoo.tools import SQL


class MedUdiElement(models.Model):
    """The data elements of device identifiers, by name, for those who may not see all fields."""

    _name = "med.udi.element"
    _description = "UDI Data Element"
    _auto = False
    _order = "label, id"
    _rec_name = "label"
    _rec_names_search = ("label", "name")

    name = fields.Char(readonly=True)
    label = fields.Char(readonly=True)

    @property
    def _table_query(self):
        return SQL("""SELECT id, name, field_description->>'en_US' AS label
                        FROM ir_model_fields WHERE model = 'med.udi.di' AND store""")

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = self.env["med.udi.di"].sudo().fields_get(attributes=["string"])
        for element in self:
            element.display_name = labels.get(element.name, {}).get("string", element.label)
