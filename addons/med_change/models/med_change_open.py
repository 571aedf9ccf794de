from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .med_change import EFFECTS, NAMED

VERSION = 1


class MedChange(models.Model):
    """How a change is requested by a program, or begun from a CAPA."""

    _inherit = "med.change"

    @api.model
    def request(self, title: str, reason: str = "", description: str = "",
                source: str = "improvement", products: list = (), materials: list = (),
                subjects: list = (), effects: dict | None = None, capas: list = (),
                supplier: int = 0):
        """Request a change.

        :param title: what it is about, in one sentence
        :param reason: why it is needed
        :param description: what is now, and what shall be
        :param source: capa, deviation, nonconformity, supplier, law, improvement, other
        :param products: ids of product templates whose design or making changes
        :param materials: ids of products that change as material
        :param subjects: of bom, operation, plan, udi, label, product, control
        :param effects: safety, performance, registration → none, possible, certain
        :param capas: ids of the CAPAs it belongs to
        :param supplier: id of a partner, or 0
        :return: ``{"version", "change" (id), "name", "class"}``; the class is empty while an
            effect is not judged
        :raise UserError: an argument is wrong; nothing is requested then
        """
        self.browse().check_access("create")
        _ = self.env._
        if not isinstance(title, str) or not title.strip():
            raise UserError(_("“title” must say what it is about, in one sentence."))
        for name, value in (("reason", reason), ("description", description)):
            if not isinstance(value, str):
                raise UserError(_("“%(field)s” must be text.", field=name))
        known = dict(self._fields["source"].selection)
        if source not in known:
            raise UserError(_("“%(field)s” must be one of: %(names)s.", field="source",
                              names=", ".join(known)))
        if not isinstance(subjects, list | tuple) or {
                f"for_{one}" for one in subjects} - set(NAMED):
            raise UserError(_("“%(field)s” must be one of: %(names)s.", field="subjects",
                              names=", ".join(one[4:] for one in NAMED)))
        judged = effects or {}
        if not isinstance(judged, dict) or {f"effect_{one}" for one in judged} - set(
                EFFECTS) or set(judged.values()) - {"none", "possible", "certain"}:
            raise UserError(_(
                "“effects” must give safety, performance or registration as none, possible or "
                "certain."))
        Capa = self.env["med.capa"]
        record = self.create({
            "title": title.strip(), "reason": reason.strip(), "description": description.strip(),
            "source": source,
            "product_tmpl_ids": [Command.set(
                Capa._med_named("product.template", "products", products).ids)],
            "component_ids": [Command.set(
                Capa._med_named("product.product", "materials", materials).ids)],
            "capa_ids": [Command.set(Capa._med_named("med.capa", "capas", capas).ids)],
            "partner_id": Capa._med_named(
                "res.partner", "supplier", [supplier] if supplier else []).id,
            **{f"for_{one}": True for one in subjects},
            **{f"effect_{one}": value for one, value in judged.items()}})
        return {"version": VERSION, "change": record.id, "name": record.name,
                "class": record.change_class or ""}
