import secrets
from dataclasses import dataclass, field
from math import ceil

from odoo import api, fields, models
from odoo.addons.med_base.tools.arguments import is_id
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, clean_context

from ..tools import frozen
from ..tools.reading import CLASSES
from ..tools.sampling import PlanError, draw
from .med_inspection import INSPECTOR, QUALITY
from .med_inspection_plan import STAGES

VERSION = 1
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
BORN = ("incoming", "final", "return")
REQUESTED = ("incoming", "final", "periodic", "return")
OPEN = ("open", "submitted")
GOOD = ("accepted", "concession")


@dataclass
class Wanted:
    """One inspection to be made: a plan and what it is applied to.

    :ivar quantity: in the product's unit; whole units are inspected, so it is rounded up
    :ivar containers: of the delivery, as their names or a number; None: as many as units
    :ivar values: further fields: documents, work order, supplier
    """

    plan: object
    product: object
    lots: object
    quantity: float
    containers: object = None
    values: dict = field(default_factory=dict)


class MedInspection(models.Model):
    """How inspections begin: the plan is frozen, the severity read, the units drawn."""

    _inherit = "med.inspection"

    @api.model
    def _make(self, wanted):
        """Return new inspections, all at once.

        :param wanted: list of :class:`Wanted`
        """
        if not wanted:
            return self.browse()
        severities = self.env["med.switching"]._severities(wanted)
        numbers = self.env["ir.sequence"].sudo().search([("code", "=", "med.inspection")], limit=1)
        now, rows, samples, kept = fields.Datetime.now(), [], [], {}
        for one in wanted:
            vals, drawn = self._prepare(one, severities, now, kept)
            rows.append({**vals, "name": numbers.next_by_id()})
            samples.append(drawn)
        clean = self.sudo().with_context(clean_context(self.env.context), **QUIET)
        with permit(self._name, (), "make"):
            made = clean.create(rows)
        made._store_samples(samples)
        self.env["med.inspection.document"]._make(made)
        made._take_back()
        return made.with_env(self.env)

    @api.model
    def _prepare(self, one, severities, now, known):
        """Return the values of an inspection and its drawn units.

        :param dict known: what was frozen before, for the next one that is alike
        """
        plan, lots = one.plan, one.lots
        quantity = max(1, ceil(round(one.quantity, 6)))
        names = list(one.containers) if one.containers and not isinstance(
            one.containers, int) else None
        count = len(names) if names else one.containers or quantity
        severity = severities.get(self._series(one), {})
        alike = (plan.id, quantity, count, tuple(sorted(severity.items())))
        if alike not in known:
            kept = plan._freeze(quantity, count, severity)
            known[alike] = kept, frozen.digest(kept)
        kept, digest = known[alike]
        seed = one.values.get("seed") or secrets.token_hex(16)
        if kept["plan"]["by_container"]:
            units = names or range(1, count + 1)
        elif one.product.tracking == "serial" and len(lots) == quantity:
            units = lots.mapped("name")
        else:
            units = range(1, quantity + 1)
        vals = {
            "company_id": plan.company_id.id, "stage": plan.stage, "plan_id": plan.id,
            "plan_version": plan.version, "frozen": kept, "frozen_digest": digest,
            "product_id": one.product.id, "lot_id": lots[:1].id,
            "lot_ids": [fields.Command.set(lots.ids)], "quantity": quantity,
            "blocking": plan.blocking,
            "date_due": fields.Datetime.add(now, days=plan.due_days), **one.values, "seed": seed,
        }
        return vals, self._draw(kept, units, seed)

    @api.model
    def _series(self, one):
        """Return which series of lots an inspection belongs to."""
        partner = one.values.get("partner_id")
        return (one.plan.company_id.id, one.plan.code, one.product.id or 0, partner or 0)

    @api.model
    def _draw(self, kept, units, seed):
        """Return ``(unit, classes)`` of the drawn units, in their order."""
        found = {}
        try:
            for name in CLASSES:
                if name in kept["classes"]:
                    size = kept["classes"][name]["plan"]["sample_size"]
                    for unit in draw(units, size, seed) if size < len(units) else units:
                        found.setdefault(unit, []).append(name)
        except PlanError as error:
            raise UserError(self.env._("The units of the lot have no distinct names.")) from error
        return [(str(unit), ",".join(found[unit])) for unit in units if unit in found]

    def _store_samples(self, samples):
        """Write the drawn units of new inspections, in one statement."""
        rows = [(inspection.id, inspection.company_id.id, position, unit, classes)
                for inspection, drawn in zip(self, samples, strict=True)
                for position, (unit, classes) in enumerate(drawn, 1)]
        if not rows:
            return
        self.env.flush_all()
        columns = list(zip(*rows, strict=True))
        self.env.cr.execute(SQL("""
            INSERT INTO med_inspection_sample (inspection_id, company_id, position, unit, classes,
                                               create_uid, create_date, write_uid, write_date)
            SELECT i, c, p, u, k, %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM unnest(%(i)s::int[], %(c)s::int[], %(p)s::int[], %(u)s::text[], %(k)s::text[])
                   AS drawn (i, c, p, u, k)""",
            uid=self.env.uid, now=fields.Datetime.now(), **dict(zip(
                "icpuk", map(list, columns), strict=True))))
        self.invalidate_recordset(["sample_ids"], flush=False)

    def _take_back(self):
        """Put lots of which more came in, and that have to be inspected, into quarantine."""
        lots = self.filtered(lambda one: one.blocking and one.stage in BORN).lot_ids
        lots.filtered(lambda lot: lot.med_status in ("released", "conditional"))._med_set_status(
            "quarantine")

    def _name_units(self, lots):
        """Put the lots, known later, on an inspection without readings; serials name its units.

        The seed stays; units are drawn among the serials with it.
        """
        self.ensure_one()
        self._med_store({"lot_id": lots[:1].id, "lot_ids": [fields.Command.set(lots.ids)]})
        if self.product_id.tracking != "serial" or len(lots) != self.quantity:
            return
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "DELETE FROM med_inspection_sample WHERE inspection_id = %s", self.id))
        self._store_samples([self._draw(self.frozen, lots.mapped("name"), self.seed)])

    # ------------------------------------------------------------------ by hand

    @api.model
    def request(self, lot: int, stage: str = "periodic"):
        """Begin an inspection of a lot by hand.

        A lot that was rejected is inspected again only at the request of quality assurance, as
        one that is submitted a second time; beside an open inspection none is begun.

        :param lot: id of a lot or serial of a controlled product
        :param stage: incoming, final, periodic or return
        :return: ``{"version", "inspection" (id), "name"}``
        :raise UserError: no approved plan applies, or an inspection of this stage is open
        """
        if not self.env.su and not any(map(self.env.user.has_group, (INSPECTOR, QUALITY))):
            raise AccessError(self.env._("Inspections are requested by inspectors."))
        if stage not in REQUESTED:
            raise UserError(self.env._(
                "“stage” must be one of: %(names)s.", names=", ".join(REQUESTED)))
        if not is_id(lot):
            raise UserError(self.env._("“lot” must be the id of a lot."))
        found = self.env["stock.lot"].browse(lot).exists()
        if not found:
            raise UserError(self.env._("“lot” names a lot that there is not."))
        found.check_access("read")
        made = self._request(found, stage)
        return {"version": VERSION, "inspection": made.id, "name": made.name}

    def _med_cures(self):
        """Return the rejected inspections that this one, accepted, makes good."""
        found = self.resubmission_of_id
        while further := found.resubmission_of_id - found:
            found |= further
        return found

    def _request(self, lot, stage):
        lot = lot.sudo()
        if not lot.product_id.med_controlled:
            raise UserError(self.env._(
                "%(lot)s: only lots of controlled products are inspected. Mark the product first.",
                lot=lot.name))
        company = lot.company_id or self.env.company
        past = self.sudo().search([
            ("lot_ids", "in", list(lot._med_lineage()[lot.id])), ("stage", "=", stage),
            ("company_id", "=", company.id)])
        earlier = past.filtered(lambda one: one.state != "cancelled")
        if running := earlier.filtered(lambda one: one.state in OPEN):
            raise UserError(self.env._(
                "%(inspection)s of this lot is not decided yet.", inspection=running[0].name))
        rejected = self.sudo().browse().union(*(one for _lot, one in lot._med_standing(
            ("stage", "=", stage), ("company_id", "=", company.id),
            ("state", "=", "rejected")))).sorted("id")[-1:]
        if rejected and not self.env.su and not self.env.user.has_group(QUALITY):
            raise AccessError(self.env._(
                "%(inspection)s was rejected: quality assurance has it inspected again.",
                inspection=rejected.name))
        last = earlier[:1]
        partner = last.partner_id or lot._med_supplier()
        plan = self.env["med.inspection.plan"]._match(
            company, stage, lot.product_id, partner=partner)
        if not plan:
            raise UserError(self.env._(
                "No approved plan “%(stage)s” applies to %(product)s.",
                stage=dict(STAGES)[stage], product=lot.product_id.display_name))
        lots = rejected.lot_ids if lot in rejected.lot_ids else lot
        return self._make([Wanted(
            plan, lot.product_id, lots,
            len(lots) > 1 and rejected.quantity
            or lot.with_company(company).product_qty or rejected.quantity or 1, None, {
                # Cancelling and requesting draws no other units.
                "seed": past[:1].seed if past[:1].state == "cancelled" else False,
                "partner_id": partner.id, "resubmission_of_id": rejected.id,
                "production_id": last.production_id.id, "picking_id": last.picking_id.id})])
