import json

from odoo import api, models
from odoo.exceptions import UserError

from ..tools.envelope import UNFIT


class MedExchange(models.AbstractModel):
    """Partners read the schemas of what they exchange."""

    _inherit = "med.exchange"

    @api.model
    def schemas(self):
        """List the schemas that the caller may send or hear by, each version.

        :return: ``{"version": 1, "schemas": [{"name", "schema_version", "title", "description",
            "state": "active" or "retired", "digest": "sha256:…", "directions": ["in", "out"]}]}``;
            "in" is what the caller sends
        """
        directions = self._med_directions()
        found = self.env["med.exchange.schema"].sudo().search([("name", "in", list(directions))])
        return {"version": 1, "schemas": [self._med_schema_told(one, directions) for one in found]}

    @api.model
    def schema(self, name: str, version: str = ""):
        """Tell one version of a schema whole, with its data map and an example.

        :param name: as :meth:`schemas` lists it
        :param version: such as "1.0"; empty: the newest in force
        :return: as a row of :meth:`schemas`, with "version": 1, "schema" (JSON Schema 2020-12),
            "example" (a payload) and "fields": [{"pointer", "title", "kind", "required", "unit",
            "precision", "limits", "values", "states", "owner", "truth", "description"}]
        :raise UserError: there is none that the caller may read
        """
        directions = self._med_directions()
        if any(type(one) is not str or UNFIT.search(one) for one in (name, version)):
            raise UserError(self.env._("“name” and “version” are texts."))
        domain = [("version", "=", version)] if version else [("state", "=", "active")]
        found = self.env["med.exchange.schema"].sudo().search(
            [("name", "=", name), *domain], limit=1)
        if not found or name not in directions:
            raise UserError(self.env._(
                "You exchange nothing by the schema “%(name)s” %(version)s. The method “schemas” "
                "lists what there is.", name=name[:64], version=version[:16]))
        return {"version": 1, **self._med_schema_told(found, directions),
                "schema": json.loads(found.body), "example": json.loads(found.example or "{}"),
                "fields": [{
                    "pointer": one.pointer, "title": one.name, "kind": one.kind,
                    "required": one.required, "unit": one.unit or "",
                    "precision": one.precision or "", "limits": one.limits or "",
                    "values": one.allowed or "", "states": one.states or "",
                    "owner": one.owner or "", "truth": one.truth or "",
                    "description": one.description or ""} for one in found.field_ids]}

    def _med_directions(self):
        """Return ``{schema: directions}`` of the caller's rights; refuse who is no partner."""
        found = {}
        for right in self._med_partner().right_ids:
            found.setdefault(right.schema, []).append(right.direction)
        return {name: sorted(some) for name, some in found.items()}

    def _med_schema_told(self, schema, directions):
        return {"name": schema.name, "schema_version": schema.version, "title": schema.title,
                "description": schema.description, "state": schema.state,
                "digest": f"sha256:{schema.digest}", "directions": directions[schema.name]}
