from odoo import models
from odoo.addons.med_traceability.tools.walk import reach
from odoo.exceptions import AccessError, UserError

from .med_nonconformity import QUALITY

VERSION = 1


class MedNonconformity(models.Model):
    """Containment: the lots are held at once, and those that may share the cause are proposed."""

    _inherit = "med.nonconformity"

    def _med_check_quality(self):
        if not self.env.su and not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._("This is for quality assurance."))

    def _med_check_undecided(self):
        if closed := self.filtered(lambda one: one.state not in ("reported", "evaluated")):
            raise UserError(self.env._(
                "%s: what becomes of the lots is decided. Choose “Decide Anew” to change it.",
                closed[0].name))

    # ------------------------------------------------------------------ lots

    def _med_add(self, lots, bases, hold=True):
        """Add lots with what is there of each, and hold those that are not held for this yet.

        :param bases: lot → basis
        :return: how many lots are held now
        """
        self.ensure_one()
        mine = self.sudo()
        new = lots - mine.line_ids.lot_id
        if others := new.filtered(lambda lot: lot.company_id and lot.company_id != self.company_id):
            raise UserError(self.env._(
                "%s is of another company: report it there.", others[0].name))
        if wild := new.filtered(lambda lot: not lot.product_id.med_controlled):
            raise UserError(self.env._(
                "%(lots)s: only lots of controlled products are held. Mark the product first.",
                lots=wild[0].name))
        lines = self.env["med.nonconformity.line"].sudo().create([{
            "nonconformity_id": self.id, "company_id": self.company_id.id, "lot_id": lot.id,
            "basis": bases[lot], "quantity": 0.0, "decision": False, "note": False,
            "instruction": False, "bom_id": False, "concession_id": False, "product_to_id": False,
            "production_id": False, "repack_id": False, "scrap_ids": [], "move_ids": [],
        } for lot in new])
        lines._med_read()
        free = new - mine._med_holds().line_ids.lot_id
        if hold and free:
            self.env["med.hold"]._place(
                free, self.env._("%(name)s: %(what)s", name=self.name, what=self.summary),
                "nonconformity", mine, mine.owner_id or self.env.user)
        return len(mine._med_holds().line_ids.lot_id & lots)

    def add_lots(self, lots: list, hold: bool = True):
        """Add lots to a nonconformity that is not decided, and hold them.

        :param lots: ids
        :return: ``{"version", "lots" (number of all), "held" (number of these)}``
        """
        self.ensure_one()
        self.check_access("write")
        self._med_check_undecided()
        found = self._med_named_lots(lots)
        held = self._med_add(found, dict.fromkeys(found, "reported"),
                             bool(hold) and self._med_may_hold())
        return {"version": VERSION, "lots": len(self.line_ids), "held": held}

    def _med_holds(self):
        """Return the open holds of this record: its own, of the document it comes from, and those
        that parts of held lots have inherited."""
        found = self.env["med.hold"]
        for record in self:
            roots = [(record._name, record.id)]
            if record.source_model:
                roots.append((record.source_model, record.source_id))
            while roots:
                holds = self.env["med.hold"]
                for model, res_id in roots:
                    holds |= holds.search([
                        ("source_model", "=", model), ("source_id", "=", res_id)])
                if record.source_model == "med.hold" and roots[-1][0] == "med.hold":
                    holds |= holds.browse(record.source_id)
                holds -= found
                found |= holds
                roots = [("med.hold", hold.id) for hold in holds]
        return found.filtered(lambda hold: hold.state == "open")

    # ------------------------------------------------------------------ what shares the cause

    def propose(self):
        """Propose the lots that, by genealogy, may share the cause.

        What was made of these lots; what was made of the same ingredients, one step back; what
        came with the same receipt. Lots that are gone wholly are proposed too: they are recalled,
        not held.

        :return: ``{"version", "proposed" (number of new ones), "exact", "possible"}``
        """
        self.ensure_one()
        self._med_check_quality()
        self.check_access("write")
        self._med_check_undecided()
        mine = self.sudo()
        lots, known = mine.line_ids.lot_id, mine.line_ids.lot_id | mine.candidate_ids.lot_id
        if not lots:
            raise UserError(self.env._("Name the lots first."))
        found = {lot: row for lot, row in self._med_sisters(lots).items()
                 if lot not in known.ids}
        there = self.env["stock.lot"].sudo().browse(found).exists().filtered(
            lambda lot: lot.product_id.med_controlled
            and (not lot.company_id or lot.company_id == self.company_id))
        self.env["med.nonconformity.candidate"].sudo().create([{
            "nonconformity_id": self.id, "company_id": self.company_id.id, "lot_id": lot.id,
            "basis": "exact" if found[lot.id][0] else "possible", "why": found[lot.id][1],
            "state": "proposed", "note": False, "decided_by_id": False} for lot in there])
        exact = sum(found[lot.id][0] for lot in there)
        return {"version": VERSION, "proposed": len(there), "exact": exact,
                "possible": len(there) - exact}

    def _med_sisters(self, lots):
        """Return lot id → (exact, how it hangs together) of what genealogy joins to lots."""
        _, walk = self.env._, self.env["med.genealogy.walk"]
        self.env.flush_all()
        names = ", ".join(lots[:3].mapped("name"))
        found = {}

        def follow(roots, text, sure=True):
            for node, how in reach(roots, walk._edges(roots, True)).items():
                if node > 0 and how.level and (node not in found or how.exact > found[node][0]):
                    found[node] = (bool(how.exact and sure), text)

        follow(lots.ids, _("Made of %s", names))
        edges = walk._edges_of(set(lots.ids), False)
        for sure in (True, False):
            inputs = sorted({edge.source for edge in edges if edge.exact == sure})
            if inputs:
                told = ", ".join(self.env["stock.lot"].sudo().browse(
                    [node for node in inputs if node > 0][:3]).mapped("name"))
                # One lot of an ingredient may be good where another was bad: never exact.
                rest = {**found}
                follow(inputs, _("Of the same ingredients: %s", told), False)
                found.update(rest)
        receipts = self.env["stock.move.line"].sudo().search([
            ("lot_id", "in", lots.ids), ("state", "=", "done"),
            ("location_id.usage", "=", "supplier")]).picking_id
        for line in receipts.move_line_ids.filtered(
                lambda one: one.product_id in lots.product_id and one.lot_id):
            found.setdefault(line.lot_id.id, (False, _("Received with %s", line.picking_id.name)))
        return {lot: row for lot, row in found.items() if lot not in lots.ids}

    def action_propose(self):
        """Propose lots, and say how many there are."""
        told = self.propose()
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "warning" if told["proposed"] else "success",
            "message": self.env._(
                "%(count)s lots may share the cause: %(exact)s exact, %(possible)s possible.",
                count=told["proposed"], exact=told["exact"], possible=told["possible"]),
            "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}
