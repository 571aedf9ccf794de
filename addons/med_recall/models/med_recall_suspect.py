from odoo import api, fields, models
from odoo.addons.med_base.tools.arguments import are_ids, is_id
from odoo.addons.med_quality.models.med_hold import PLACERS
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .med_recall import DECIDERS, HAZARD
from .med_recall_draw import VERSION

REPORTERS = (*PLACERS, "purchasing", "metrology")


class MedRecall(models.Model):
    """How a recall begins: with a suspicion of anybody, or with a drill."""

    _inherit = "med.recall"

    @api.model
    def report_suspicion(self, summary: str, lots: list = (), reason: str = "", stop: bool = True):
        """Report that devices may have to be recalled, and stop the lots at once.

        :param summary: what is wrong, in one sentence
        :param lots: ids of lots, all of one company or of none; may be empty
        :param reason: what is wrong, when and how it was found
        :param stop: hold the lots, where the caller's role places holds
        :return: ``{"version", "recall" (id), "name", "held" (number of lots)}``
        :raise UserError: an argument is wrong; nothing is opened then
        """
        self._med_check_reporter()
        if type(stop) is not bool:
            raise UserError(self.env._("“%(field)s” must be true or false.", field="stop"))
        record = self._med_begin(summary, self._med_lots(lots), reason)
        held = record._med_stop() if stop else 0
        return {"version": VERSION, "recall": record.id, "name": record.name, "held": held}

    @api.model
    def start_drill(self, summary: str, lots: list = (), product: int = 0,
                    holds: str = "simulated"):
        """Begin a mock recall, and find what would be recalled.

        :param summary: what is supposed, in one sentence
        :param lots: ids of lots
        :param product: id of a product, where it is about all of its lots
        :param holds: simulated, or real: then the lots are held
        :return: as ``draw``, and ``recall`` (id), ``name`` and ``minutes`` from trigger to located
        """
        self._med_check_decider()
        if holds not in dict(self._fields["drill_holds"].selection):
            raise UserError(self.env._(
                "“%(field)s” must be one of: %(names)s.", field="holds", names="simulated, real"))
        if not is_id(product):
            raise UserError(self.env._("“%(field)s” must be an id.", field="product"))
        article = self.env["product.product"].browse(product or ()).exists()
        if bool(product) != bool(article):
            raise UserError(self.env._("“%(field)s” names a record that there is not.",
                                       field="product"))
        article.check_access("read")
        record = self._med_begin(summary, self._med_lots(lots), "", article, drill=True,
                                 drill_holds=holds)
        return {**record.draw(), "recall": record.id, "name": record.name,
                "minutes": record.locate_minutes}

    @api.model
    def _med_check_reporter(self):
        if not self.env.su and not any(
                self.env.user.has_group(f"med_base.med_base_group_{role}") for role in REPORTERS):
            raise AccessError(self.env._("Your role reports no suspicion: tell quality assurance."))

    @api.model
    def _med_lots(self, lots):
        if not are_ids(lots):
            raise UserError(self.env._("“%(field)s” must be a list of ids.", field="lots"))
        found = self.env["stock.lot"].browse(lots).exists()
        if len(found) != len(set(lots)):
            raise UserError(self.env._("“%(field)s” names a record that there is not.",
                                       field="lots"))
        found.check_access("read")
        return found

    @api.model
    def _med_begin(self, summary, lots, reason="", product=None, **values):
        """Return a new recall that asks for lots, or for all of a product."""
        for name, value in (("summary", summary), ("reason", reason)):
            if not isinstance(value, str):
                raise UserError(self.env._("“%(field)s” must be text.", field=name))
        if not summary.strip():
            raise UserError(self.env._("“summary” must say what is wrong, in one sentence."))
        company = lots.company_id
        if len(company) > 1:
            raise UserError(self.env._("The lots are of several companies: report them apart."))
        told = {name: value for name, value in (
            ("lot_ids", [Command.set(lots.ids)] if lots else None),
            ("product_id", product.id if product else None)) if value}
        decides = self.env.su or any(map(self.env.user.has_group, DECIDERS))
        # Everybody may report; what stands in the record is written out, whatever his defaults say.
        empty = dict.fromkeys((*HAZARD, "action", "instruction", "effect", "conclusion"), False)
        record = self.sudo().create({
            **empty, "assessor_ids": [],
            "company_id": (company or self.env.company).id, "summary": summary.strip(),
            "reason": reason.strip() or summary.strip(), "role": "maker", "origin": "own",
            "origin_partner_id": False, "origin_reference": False,
            "aware_at": fields.Datetime.now(), "owner_id": self.env.uid if decides else False,
            "criterion_ids": [Command.create(told)] if told else [], **values})
        if not decides:
            record._med_tell(self.env._("Somebody suspects: %s", record.display_name))
        return record.with_env(self.env)

    def _med_stop(self):
        """Hold the lots that the criteria name, as a precaution; return how many are held.

        What else belongs to them is held when somebody who decides finds the lots.
        """
        lots = self.sudo().criterion_ids.lot_ids.filtered("product_id.med_controlled")
        if not lots or not (self.env.su or any(
                self.env.user.has_group(f"med_base.med_base_group_{role}") for role in PLACERS)):
            return 0
        self.env["med.hold"].sudo()._place(
            lots, self.display_name, "recall", self, self.owner_id or self.env.user)
        self._med_store({"stopped_at": fields.Datetime.now()})
        return len(lots)
