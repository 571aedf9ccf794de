from itertools import count

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import clean_context

from .med_hold import SOURCES

VERSION = 1
SPLITTERS = ("warehouse", "operator", "inspector", "qa", "qa_release")


class StockLot(models.Model):
    """A part of a lot gets a number of its own, so that it can have a status of its own."""

    _inherit = "stock.lot"

    def med_split(self, quantity: float, name: str = "", location: int = 0, reason: str = "",
                  hold: bool = False, source: str = "precaution", owner: int = 0):
        """Give a part of one lot a number of its own; status and holds go along.

        :param quantity: in the unit of the product
        :param name: of the new lot; empty: the number with the next free ending
        :param location: id of the place where the part is; 0: the only place where the lot is
        :param reason: one sentence
        :param hold: place a hold on the part at once
        :param source: of that hold, see ``med.hold`` ``place``
        :param owner: id of the user who sees to that hold; 0: the caller
        :return: ``{"version", "lot" (id), "name", "repack" (id), "hold" (id or 0)}``
        :raise UserError: an argument is wrong, or so much is not free; nothing is done then
        """
        self._med_check_splitter()
        if len(self) != 1 or not self.exists():
            raise UserError(self.env._("Split one lot at a time."))
        self.check_access("read")
        if not self.product_id.med_controlled:
            raise UserError(self.env._(
                "%s is not controlled: repack it instead.", self.product_id.display_name))
        if isinstance(quantity, bool) or not isinstance(quantity, int | float) or not quantity > 0:
            raise UserError(self.env._("“quantity” must be a number above 0."))
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("“reason” must say why, in one sentence."))
        if not isinstance(name, str):
            raise UserError(self.env._("“name” must be text."))
        if source not in dict(SOURCES):
            raise UserError(self.env._(
                "“source” must be one of: %(names)s.", names=", ".join(dict(SOURCES))))
        if self.product_id.tracking == "serial":
            raise UserError(self.env._("%s is one unit: hold it as it is.", self.name))
        keeper = self.env["res.users"].browse(owner or self.env.uid).exists()
        if not keeper:
            raise UserError(self.env._("“owner” names a user that there is not."))
        place = self._med_place_of(location)
        part, repack = self._med_split(quantity, place, reason.strip(), name.strip())
        held = self.env["med.hold"]
        if hold:
            held, _told = held._place(part, reason.strip(), source, owner=keeper)
        return {"version": VERSION, "lot": part.id, "name": part.name, "repack": repack.id,
                "hold": held.id or 0}

    def _med_check_splitter(self):
        if not self.env.su and not any(
                self.env.user.has_group(f"med_base.med_base_group_{role}") for role in SPLITTERS):
            raise AccessError(self.env._("Your role splits no lots: tell quality assurance."))

    def _med_place_of(self, location):
        """Return the place of this lot that an id names, or the only one there is."""
        companies = self.env.companies
        places = self.sudo().quant_ids.filtered(
            lambda quant: quant.quantity > 0 and quant.location_id.usage == "internal"
            and quant.company_id in companies).location_id
        if location:
            places = places.filtered(lambda place: place.id == location)
        if len(places) != 1:
            raise UserError(self.env._(
                "%s is not there: name a place where the lot is.", self.name) if not places
                else self.env._("%(lot)s is in %(places)s: name one of them.", lot=self.name,
                                places=", ".join(places.mapped("display_name"))))
        return places

    def _med_split(self, quantity, location, reason, name=""):
        """Return the new lot of a part, and the posted split."""
        repack = self.env["med.repack"].sudo().with_context(
            clean_context(self.env.context)).create({
            "kind": "split", "reason": reason, "location_id": location.id,
            "company_id": (location.company_id or self.env.company).id,
            "input_ids": [Command.create({"lot_id": self.id, "quantity": quantity,
                                          "back_quantity": 0, "scrap_quantity": 0})],
            "output_ids": [Command.create({
                "product_id": self.product_id.id, "quantity": quantity, "lot_id": False,
                "expiration_date": False, "lot_name": name or self._med_part_name()})]})
        repack.action_post()
        return repack.output_ids.lot_id.with_env(self.env), repack

    def _med_part_name(self):
        taken = set(self.sudo().search([
            ("product_id", "=", self.product_id.id), ("name", "=like", f"{self.name}-%")]
        ).mapped("name"))
        return next(name for n in count(1) if (name := f"{self.name}-{n}") not in taken)

    def action_med_split(self):
        """Open the dialog that splits this lot."""
        return {
            "type": "ir.actions.act_window", "res_model": "med.lot.split", "view_mode": "form",
            "target": "new", "name": self.env._("Split or Hold a Part"),
            "context": {"default_lot_id": self[:1].id}}
