from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, clean_context

from .med_recall import OWN, THERE
from .med_recall_outcome import KINDS, SETTLED_WITH_HIM

VERSION = 1
SETTLERS = tuple(f"med_base.med_base_group_{role}" for role in ("warehouse", "qa", "regulatory"))
DECIDED_BY_QUALITY = ("released", "corrected_here", "lost")
MOST = 10 ** 9


class MedRecall(models.Model):
    """Recording what became of units."""

    _inherit = "med.recall"

    def settle(self, rows: list, evidence: str, files: list | None = None):
        """Record what became of units of this recall; nothing where one row is wrong.

        :param rows: ``[{"lot" (id), "consignee" (id; 0: our own stock), "quantity", "kind",
            "to" (id of a consignee, of what was handed on)}]``; kinds of our own stock:
            corrected_here, released, destroyed (of what was scrapped already), lost (of what an
            inventory count took off); of a consignee's: corrected_field, consumed, destroyed,
            lost, passed_on, replaced, credited
        :param evidence: how that is known: number of a certificate, report, order, delivery
        :param files: ids of attachments that the caller has uploaded: photos, papers
        :return: ``{"version", "outcomes": [ids]}``
        """
        self.ensure_one()
        self._med_check_settler()
        self.check_access("read")
        if not isinstance(evidence, str) or not evidence.strip():
            raise UserError(self.env._("“evidence” must say how that is known."))
        if not isinstance(rows, list) or not rows or any(
                not isinstance(row, dict) or any(
                    type(row.get(name, 0)) is not int for name in ("lot", "consignee", "to"))
                for row in rows):
            raise UserError(self.env._("“rows” must be a list of objects with ids."))
        files = [] if files is None else files
        if not isinstance(files, list) or any(type(one) is not int for one in files):
            raise UserError(self.env._("“files” must be a list of ids of attachments."))
        papers = self.env["ir.attachment"].sudo().browse(files).exists()
        if len(papers) != len(files):
            raise UserError(self.env._("A file of “files” does not exist."))
        outcomes = self._med_write_outcomes([
            {**row, "quantity": self._med_quantity(row.get("quantity"))} for row in rows],
            evidence.strip(), attachment_ids=[Command.set(papers.ids)])
        outcomes._med_take_papers(papers)
        return {"version": VERSION, "outcomes": outcomes.ids}

    def _med_check_settler(self):
        if not self.env.su and not any(self.env.user.has_group(one) for one in SETTLERS):
            raise AccessError(self.env._(
                "What became of units is recorded by the warehouse, quality assurance or "
                "regulatory affairs."))

    def _med_check_running(self):
        if self.state != "decided":
            raise UserError(self.env._("%s is not under way.", self.name))

    def _med_simulated(self):
        """Return whether this moves no goods."""
        return self.drill and self.drill_holds == "simulated"

    def _med_check_goods(self):
        if self._med_simulated():
            raise UserError(self.env._(
                "%s is a drill whose holds are simulated: it moves no goods.", self.name))

    def _med_hold_back(self, lots):
        """Hold those of the lots that this recall reaches, and does not hold (any more)."""
        self._med_hold_also(self.env["med.recall.baseline"].sudo().search(
            [("recall_id", "=", self.id), ("lot_id", "in", lots.ids)]).lot_id)

    def _med_quantity(self, value, zero=False):
        """Return a quantity as an exact number."""
        if isinstance(value, Decimal):
            return value
        if isinstance(value, bool) or not isinstance(value, int | float) or not (
                0 <= value <= MOST) or (not value and not zero):
            raise UserError(self.env._("A quantity must be a number above 0."))
        return Decimal(f"{value:.6f}")

    def replace(self, lot: int, consignee: int, quantity: float, reference: str = ""):
        """Open a delivery of sound goods for units of a lot that a consignee gives up.

        :param reference: what was agreed; the delivery's number alone where it is empty
        :return: ``{"version", "outcome", "delivery" (ids), "name"}``
        """
        self.ensure_one()
        self._med_check_settler()
        self.check_access("read")
        if any(type(one) is not int for one in (lot, consignee)) or not isinstance(reference, str):
            raise UserError(self.env._("“lot” and “consignee” must be ids, “reference” text."))
        self._med_check_running()
        self._med_check_goods()
        amount = self._med_quantity(quantity)
        rows = [{"lot": lot, "consignee": consignee, "quantity": amount, "kind": "replaced"}]
        self._med_check_row(rows[0], self._med_accounts([lot])[0])
        picking = self._med_delivery(self.env["stock.lot"].browse(lot).sudo().product_id,
                                     consignee, float(amount))
        outcome = self._med_write_outcomes(
            rows, f"{picking.name} {reference.strip()}".strip(), picking_id=picking.id)
        return {"version": VERSION, "outcome": outcome.id, "delivery": picking.id,
                "name": picking.name}

    def _med_delivery(self, product, consignee, quantity):
        """Return a new delivery; which lot goes is chosen, and gated, as in any other."""
        company = self.company_id
        kind = self.env["stock.warehouse"].sudo().search(
            [("company_id", "=", company.id)], limit=1).out_type_id
        target = self.env["res.partner"].browse(consignee).sudo().with_company(
            company).property_stock_customer
        picking = self.env["stock.picking"].sudo().with_context(
            clean_context(self.env.context)).with_company(company).create({
                "picking_type_id": kind.id, "partner_id": consignee, "origin": self.name,
                "location_id": kind.default_location_src_id.id, "location_dest_id": target.id,
                "company_id": company.id, "move_ids": [Command.create({
                    "product_id": product.id, "product_uom_qty": quantity,
                    "product_uom": product.uom_id.id, "company_id": company.id,
                    "location_id": kind.default_location_src_id.id,
                    "location_dest_id": target.id})]})
        picking.action_confirm()
        return picking

    # ------------------------------------------------------------------ writing

    def _med_write_outcomes(self, rows, evidence, **values):
        """Write outcomes; raise where units would have two states, or are not there."""
        self._med_check_running()
        lots = sorted({row.get("lot") or 0 for row in rows})
        # Two people who settle the same lot at once: the second one waits, then is told.
        self.env.flush_all()
        self.env.execute_query(SQL(
            "SELECT id FROM stock_lot WHERE id = ANY(%s) ORDER BY id FOR UPDATE", lots))
        accounts, _given = self._med_accounts(lots)
        wanted = defaultdict(Decimal)
        for row in rows:
            self._med_check_row(row, accounts)
            if row["kind"] not in SETTLED_WITH_HIM:
                wanted[row["lot"], row.get("consignee") or 0, row["kind"] if row["kind"] in (
                    "destroyed", "lost") and not row.get("consignee") else ""] += row["quantity"]
        for (lot, partner, kind), quantity in wanted.items():
            self._med_check_enough(lot, accounts[lot], partner, kind, quantity)
        Outcome = self.env["med.recall.outcome"].sudo()
        with permit(Outcome._name, (), "born"):
            return Outcome.create([{
                "picking_id": False, "destruction_id": False, "replaces_id": False,
                "attachment_ids": [], **values,
                "recall_id": self.id, "lot_id": row["lot"],
                "partner_id": row.get("consignee") or False,
                "to_partner_id": row.get("to") or False, "kind": row["kind"],
                "quantity": float(row["quantity"]), "evidence": evidence,
                "user_id": self.env.uid, "recorded_at": fields.Datetime.now(),
                "superseded": False, "reason": False} for row in rows]).sudo(False)

    def _med_check_row(self, row, accounts):
        kind, partner = row.get("kind"), row.get("consignee") or 0
        if row.get("lot") not in accounts:
            raise UserError(self.env._("“lot” names a lot that this recall does not reach."))
        if not isinstance(kind, str) or kind not in dict(KINDS):
            raise UserError(self.env._("“kind” must be one of: %s.", ", ".join(dict(KINDS))))
        if partner and partner not in accounts[row["lot"]].parties:
            raise UserError(self.env._("“consignee” names one who did not receive this lot."))
        if kind not in (THERE.keys() | {"passed_on", *SETTLED_WITH_HIM} if partner else OWN):
            raise UserError(self.env._(
                "That does not become of units in our stock.") if not partner else self.env._(
                "That does not become of units at a consignee."))
        if kind == "passed_on" and (row.get("to") in (None, 0, partner) or not self.env[
                "res.partner"].browse(row["to"]).exists()):
            raise UserError(self.env._("Say to which other consignee it was handed on."))
        if kind in DECIDED_BY_QUALITY:
            self._med_check_decider()

    def _med_check_enough(self, lot, account, partner, kind, quantity):
        """Raise where more is recorded than there is without a final state."""
        if partner:
            left = account.parties[partner].open
        else:
            proved = {"lost": account.unexplained} if self._med_simulated() else {
                "destroyed": account.unproven, "lost": account.unexplained}
            left = proved.get(kind, account.states["still_here"])
        if quantity > left:
            raise UserError(self.env._(
                "%(lot)s: %(quantity)s are recorded, and only %(left)s have no final state there.",
                lot=self.env["stock.lot"].sudo().browse(lot).name,
                quantity=f"{quantity.normalize():f}",
                left=f"{max(left, Decimal(0)).normalize():f}"))
