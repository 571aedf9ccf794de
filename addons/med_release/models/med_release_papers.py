import hashlib

from odoo import models
from odoo.addons.med_traceability.tools.times import iso
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.checks import MISSING, NOTE, item, row

REVIEWERS = ("med_base.med_base_group_qa", "med_base.med_base_group_qa_release")


class MedRelease(models.Model):
    """Labels, deviations, people, and the review of the audit trail."""

    _inherit = "med.release"

    # ------------------------------------------------------------------ labels

    def _med_label_jobs(self):
        lots = self._med_output_lots()
        return self.env["med.label.job"].search([
            "|", ("lot_ids", "in", lots.ids), ("production_id", "=", self.production_id.id),
            ("state", "!=", "cancelled")], order="id")

    def _med_check_labels(self):
        """Each label job is closed, and where there is a label template each lot has one."""
        _, jobs, lots = self.env._, self._med_label_jobs(), self._med_output_lots()
        words = dict(jobs._fields["state"]._description_selection(self.env))
        items = [item(MISSING, _("%(job)s is not closed: %(state)s", job=job.name,
                                 state=words[job.state]), "med.label.job", job.id)
                 for job in jobs if job.state != "closed"]
        items += [item(NOTE, _(
            "%(job)s: difference of %(count)s explained (%(why)s), approved by %(who)s",
            job=job.name, count=job.difference, why=job.difference_reason,
            who=job.difference_approver_id.name), "med.label.job", job.id)
            for job in jobs if job.state == "closed" and job.difference]
        bare = lots - jobs.lot_ids
        wanted = {product for product in bare.product_id if self._med_has_label(product)}
        bare = bare.filtered(lambda lot: lot.product_id in wanted)
        if bare:
            items.append(item(MISSING, _(
                "No label job for %(count)s lots: %(names)s", count=len(bare),
                names=", ".join(bare[:5].mapped("name"))),
                "mrp.production", self.production_id.id))
        fine = _("%(count)s label jobs, every label accounted for", count=len(jobs)) \
            if jobs else _("No label is printed for it here")
        return row("labels", _("Labels"), fine, items, [
            [job.id, job.state, job.printed_quantity, job.used_quantity, job.destroyed_quantity,
             job.returned_quantity] for job in jobs] + [bare.ids])

    def _med_has_label(self, product):
        """Return whether there is an approved template for the labels of a product."""
        return bool(self.env["med.label.job"].new(
            {"product_id": product.id, "company_id": self.company_id.id}).template_id)

    # ------------------------------------------------------------------ deviations

    def _med_discrepancies(self):
        lots = self._med_output_lots()
        return self.env["med.udi.discrepancy"].search(
            ["|", ("lot_id", "in", lots.ids), ("production_id", "=", self.production_id.id),
             ("state", "!=", "withdrawn")], order="id")

    def _med_check_deviations(self):
        _, found = self.env._, self._med_discrepancies()
        items = [item(MISSING, _("%(number)s: %(what)s", number=one.name, what=one.message),
                      one._name, one.id) for one in found if one.state == "open"]
        items += self._med_deviation_items()
        fine = _("%(count)s discrepancies, all settled", count=len(found)) if found else _(
            "None on file")
        return row("deviations", _("Deviations and discrepancies"), fine, items,
                   [[one.id, one.state, one.conclusion or ""] for one in found])

    def _med_deviation_items(self):
        """Return items of nonconformities and deviations of this order. For addons above."""
        return []

    # ------------------------------------------------------------------ people and equipment

    def _med_check_people(self):
        """Every operation is finished; who did it. Training and equipment come from above."""
        _, works = self.env._, self.production_id.workorder_ids
        words = dict(works._fields["state"]._description_selection(self.env))
        items = [item(MISSING, _("%(work)s: %(state)s", work=work.name, state=words[work.state]),
                      "mrp.workorder", work.id)
                 for work in works if work.state not in ("done", "cancel")]
        items += self._med_operator_items() + self._med_equipment_items()
        people = works.time_ids.user_id | self.production_id.user_id
        fine = _("%(count)s operations by %(names)s", count=len(works), names=", ".join(
            people[:5].mapped("name"))) if works else _("No operations; responsible: %(name)s",
                                                        name=people[:1].name or "-")
        return row("people", _("Operations, operators, equipment"), fine, items,
                   [[work.id, work.state, sorted(work.time_ids.user_id.ids)] for work in works])

    def _med_operator_items(self):
        """Return items about operators who were not trained for what they did. For addons above."""
        return []

    def _med_equipment_items(self):
        """Return items about equipment that was not fit for use then. For addons above."""
        return []

    # ------------------------------------------------------------------ the trail

    def _med_trail_watched(self):
        """Return ``[(model, ids, columns, only after the order was done)]``.

        The values whose change counts as one after first entry; an addon adds its own records.
        """
        order, lots = self.production_id, self._med_output_lots()
        lines, used = (order.move_raw_ids | order.move_finished_ids).move_line_ids, (
            self._med_consumed())
        return [
            ("mrp.production", order.ids, ["product_id", "bom_id", "company_id"], False),
            ("mrp.production", order.ids, ["product_qty", "name", "date_finished"], True),
            ("mrp.workorder", order.workorder_ids.ids,
             ["operation_id", "workcenter_id", "qty_produced", "duration"], True),
            ("stock.move.line", (lines | used).ids,
             ["quantity", "lot_id", "product_id", "date"], True),
            ("stock.lot", lots.ids, ["name", "product_id", "med_batch", "med_manufactured",
                                     "med_supplier_lot"], False),
            ("stock.lot", (lots | used.lot_id).ids, ["expiration_date"], True),
        ]

    def _med_trail_rows(self):
        """Return the entries of the trail that changed a value which was there, newest first."""
        self.env.flush_all()
        done = self.env.execute_query(SQL(
            "SELECT id, xid FROM med_audit_entry WHERE op = 'U' AND model = 'mrp.production'"
            " AND res_id = %s AND new::json ->> 'state' = 'done' ORDER BY id LIMIT 1",
            self.production_id.id))
        # What the transaction that closed the order still wrote is its closing.
        later = SQL("e.id > %s AND e.xid != %s", *done[0]) if done else SQL("true")
        arms = [SQL(
            "SELECT id FROM med_audit_entry e WHERE op = 'U' AND model = %s AND res_id = ANY(%s)"
            " AND %s AND EXISTS (SELECT FROM json_each_text(e.old::json) o"
            " WHERE o.key = ANY(%s) AND o.value != '')",
            model, res_ids, later if after else SQL("true"), columns)
            for model, res_ids, columns, after in self._med_trail_watched() if res_ids]
        found = [number for [number] in self.env.execute_query(SQL(" UNION ").join(arms))]
        return self.env["med.audit.entry"]._read_rows(SQL("id = ANY(%s)", found)) if found else []

    def _med_trail_digest(self, rows, corrections):
        """Return what a review keeps of what it has seen; of nothing, an empty text."""
        lines = [f"{row['id']} {row['old']} {row['new']}" for row in rows]
        lines += [f"reading {one.id} {one.corrects_id.id} {one.value} {one.note}"
                  for one in corrections]
        return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest() \
            if lines else ""

    def _med_check_trail(self):
        _, rows, corrections = self.env._, self._med_trail_rows(), self._med_corrections()
        digest, count = self._med_trail_digest(rows, corrections), len(rows) + len(corrections)
        items, fine = [], _("Nothing was changed after its first entry")
        if count and self.trail_digest == digest:
            fine = _("%(count)s changes after first entry, reviewed by %(who)s", count=count,
                     who=self.trail_user_id.name)
        elif count:
            items.append(item(MISSING, _(
                "%(count)s changes after first entry are to be read and confirmed", count=count),
                "med.audit.entry", self.id))
        return row("trail", _("Audit trail"), fine, items, digest)

    def trail(self):
        """Return the changes after first entry in the records of this batch.

        :return: ``{"version", "digest", "reviewed", "reviewer", "changes": [{"at" (ISO, UTC),
            "who", "record", "field", "old", "new", "reason"}]}``, newest first; corrected readings
            come last
        """
        self.ensure_one()
        self.check_access("read")
        release = self._med_clean()
        digest = release._med_trail_digest(release._med_trail_rows(), release._med_corrections())
        seen = bool(digest) and release.trail_digest == digest
        return {"version": 1, "digest": digest, "reviewed": seen or not digest,
                "reviewer": release.trail_user_id.name if seen else "",
                "changes": release._med_trail_changes()}

    def _med_trail_changes(self):
        """Return one row for each value that was there and was changed, as :meth:`trail`."""
        entries = self.env["med.audit.entry"]._render_entries(self._med_trail_rows())
        rows = [{
            "at": entry["at"], "who": entry["who"] or "",
            "record": f"{self.env['ir.model']._get(entry['model']).name} #{entry['res_id']}",
            "field": change["label"], "old": str(change["old"] or ""),
            "new": str(change["new"] or ""), "reason": entry["reason"] or ""}
            for entry in entries for change in entry["changes"] if change["old"]]
        return rows + [{
            "at": iso(one.create_date), "who": one.user_id.name, "record": one.inspection_id.name,
            "field": one.characteristic, "old": one.corrects_id.value or "",
            "new": one.value or "", "reason": one.note or ""} for one in self._med_corrections()]

    def review_trail(self, digest: str):
        """Confirm that the changes after first entry have been read.

        :param digest: of what was read, as :meth:`trail` gave it
        :return: ``{"version", "reviewed": number of entries}``
        :raise UserError: there is something newer, or some of it is the caller's own doing
        """
        self.ensure_one()
        self.check_access("write")
        if not any(map(self.env.user.has_group, REVIEWERS)):
            raise AccessError(self.env._("The trail is reviewed by quality assurance."))
        release = self._med_clean()
        if release.state not in ("open", "production_released"):
            raise UserError(self.env._("This release is closed."))
        rows, corrections = release._med_trail_rows(), release._med_corrections()
        if not digest or digest != release._med_trail_digest(rows, corrections):
            raise UserError(self.env._("There are other changes than you have read: read again."))
        if self.env.uid in {*(row["user_id"] for row in rows),
                            *(one.user_id.id for one in corrections)}:
            raise UserError(self.env._(
                "Some of these changes are your own: somebody else reads them."))
        release._med_write_own({
            "trail_digest": digest, "trail_count": len(rows) + len(corrections),
            "trail_user_id": self.env.uid,
            "trail_date": self.env.cr.now()})
        return {"version": 1, "reviewed": release.trail_count}
