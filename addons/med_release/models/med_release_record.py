from odoo import api, models
from odoo.addons.med_base.tools.evidence import canonical_json, digest, readable
from odoo.addons.med_traceability.tools.times import iso
from odoo.exceptions import UserError

VERSION = 1
PDF_ROWS = 2000


class MedRelease(models.Model):
    """The batch record (DHR): everything about one order, as data and on paper.

    ISO 13485, 7.5.1; China GMP for medical devices (批生产记录).
    """

    _inherit = "med.release"

    # ------------------------------------------------------------------ public

    @api.readonly
    def batch_record(self):
        """Give the batch record of one order.

        :return: ``{"version", "generated", "database", "user", "release": {"id", "name", "state",
            "order", "product", "maker", "registrant"}, "sections", "attachments"}``; a section is
            ``{"key", "title", "columns": [{"key", "label", "kind"}], "rows"}`` and an attachment
            ``{"name", "model", "res_id", "mimetype", "size", "sha256"}``, as of ``med_evidence``
        :raise UserError: not exactly one release was named
        """
        self._med_check_record()
        release = self._med_clean()
        return {
            "version": VERSION,
            "generated": f"{self.env['stock.lot']._med_now().replace(' ', 'T')}Z",
            "database": self.env.cr.dbname, "user": self.env.user.name,
            "release": {
                "id": self.id, "name": self.name, "state": self.state,
                "order": release.production_id.name,
                "product": release.product_id.display_name, "maker": release.company_id.name,
                "registrant": release.registrant_company_id.name or ""},
            "sections": release._med_record_sections(),
            "attachments": release._med_record_attachments(),
        }

    def _med_check_record(self):
        self.browse().check_access("read")
        if len(self) != 1 or not self.exists():
            raise UserError(self.env._("Name one release, by its id."))
        self.check_access("read")

    def action_batch_record(self):
        """Download the batch record as PDF."""
        self._med_check_record()
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/batch_record.pdf?release_id={self.id}"}

    def action_batch_record_json(self):
        """Download the batch record as data."""
        self._med_check_record()
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/batch_record.json?release_id={self.id}"}

    # ------------------------------------------------------------------ files

    def _med_record_json(self):
        """Return the batch record as canonical bytes: the same that the PDF embeds."""
        return canonical_json(self.batch_record())

    def _med_record_pdf(self):
        """Return the batch record as the bytes of a PDF, its data embedded."""
        answer = self.batch_record()
        data = canonical_json(answer)
        Lot = self.env["stock.lot"]
        words = Lot._med_words() | self._med_words()
        sections = [Lot._med_print_section(section, words, PDF_ROWS) for section in (
            *answer["sections"], Lot._med_attachment_section(answer["attachments"], words))]
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env["med.document"]._render_pdf("med_release.batch_record_document", {
            "title": self.env._("Batch record"), "release": answer["release"],
            "subject": f"{self.lots_text} · {answer['release']['product']}",
            "state": states[self.state], "valid": self.state != "refused",
            "sections": sections, "digest": digest(data), "company": self.company_id.name,
        }, [("batch_record.json", self.env._("This batch record as data"), data)])

    # ------------------------------------------------------------------ sections

    def _med_record_sections(self):
        """Return what is on file about the order. An addon extends it with its own sections."""
        self.ensure_one()
        return [
            self._med_record_order(), self._med_record_checks(), self._med_record_lots(),
            self._med_record_materials(), self._med_record_bom(), self._med_record_operations(),
            self._med_record_labels(), self._med_record_deviations(), self._med_record_holds(),
            self._med_record_scrap(), self._med_record_changes(), self._med_record_signatures()]

    def _med_table(self, key, title, columns, rows, **more):
        return self.env["stock.lot"]._med_section(key, title, columns, rows, **more)

    def _med_record_order(self):
        _, order = self.env._, self.production_id
        bom = order.bom_id
        fields = [
            ("release", _("Release"), "text", self.name),
            ("order", _("Manufacturing order"), "text", order.name),
            ("state", _("State of the release"), "text",
             dict(self._fields["state"]._description_selection(self.env))[self.state]),
            ("product", _("Product"), "text", order.product_id.display_name),
            ("di", _("Device identifier"), "text", ", ".join(
                order.product_id.med_di_ids.filtered(
                    lambda di: di.state == "active" and di.level == "unit").mapped("name"))),
            ("lots", _("Lots and serials"), "text", self.lots_text),
            ("bom", _("Bill of materials"), "text",
             f"{bom.display_name} (#{bom.id}, {iso(bom.write_date)})" if bom else ""),
            ("asked", _("Asked for"), "number", order.product_qty),
            ("made", _("Made"), "number", order.qty_produced),
            ("uom", _("Unit"), "text", order.product_uom_id.name),
            ("maker", _("Maker"), "text", self.company_id.name),
            ("registrant", _("Registrant"), "text", self.registrant_company_id.name or ""),
            ("responsible", _("Responsible"), "text", order.user_id.name or ""),
            ("begun", _("Begun (UTC)"), "date", iso(order.date_start)),
            ("ended", _("Ended (UTC)"), "date", iso(order.date_finished)),
            ("source", _("Source"), "text", order.origin or ""),
            ("note", _("Remarks of the maker"), "text", self.note or ""),
            ("market_note", _("Remarks of the registrant"), "text", self.market_note or ""),
            ("grounds", _("Grounds of refusal"), "text", self.grounds or ""),
        ]
        return self._med_table("order", _("Order"), [one[:3] for one in fields],
                               [{key: value for key, _label, _kind, value in fields}], form=True)

    def _med_record_checks(self):
        """Return what the release rests on: as signed, or as of now."""
        _, words = self.env._, self._med_words()
        rows = []
        for stage, name in (("production", _("Production release")),
                            ("market", _("Market release"))):
            for check in self._med_rows(stage):
                told = [f"{words[one['state']]}: {one['text']}" + (
                    f" ({one['exception']})" if one["exception"] else "")
                    for one in check["items"]]
                rows.append({
                    "step": name, "check": check["label"], "state": words[check["state"]],
                    "finding": "\n".join([check["text"], *told])})
        return self._med_table("checks", _("What the release rests on"), [
            ("step", _("Step"), "text"), ("check", _("Check"), "text"),
            ("state", _("Result"), "text"), ("finding", _("Finding"), "text")], rows)

    def _med_record_lots(self):
        _ = self.env._
        made = self._med_made()
        days = self._med_output_lots()._med_made_on()
        return self._med_table("lots", _("What was made"), [
            ("lot", _("Lot/Serial"), "text"), ("product", _("Product"), "text"),
            ("udi", _("UDI"), "text"), ("quantity", _("Quantity"), "number"),
            ("uom", _("Unit"), "text"), ("manufactured", _("Made on"), "text"),
            ("expiration", _("Expiration (UTC)"), "date"), ("condition", _("Condition"), "text"),
        ], [{
            "lot": lot.name, "product": lot.product_id.display_name, "udi": lot._med_udi_text(),
            "quantity": quantity, "uom": lot.product_id.uom_id.name,
            "manufactured": str(days[lot] or ""), "expiration": iso(lot.expiration_date),
            "condition": lot.med_condition or ""} for lot, quantity in made.items()])

    def _med_record_materials(self):
        """Return each posted line that went in, with the decision that released its lot."""
        _ = self.env._
        lines = self.production_id.move_raw_ids.move_line_ids.filtered(
            lambda line: line.state == "done" and line.quantity)
        decisions = self._med_decision_texts(lines.lot_id)
        early = self.env["med.gate.event"].search(
            [("move_line_id", "in", lines.ids), ("use", "=", "operation")]).move_line_id
        return self._med_table("materials", _("Materials used"), [
            ("product", _("Product"), "text"), ("lot", _("Lot/Serial"), "text"),
            ("supplier", _("Supplier"), "text"), ("supplier_lot", _("Supplier's lot"), "text"),
            ("quantity", _("Quantity"), "number"), ("uom", _("Unit"), "text"),
            ("used", _("Used (UTC)"), "date"), ("person", _("Posted by"), "text"),
            ("condition", _("Condition now"), "text"), ("decision", _("Released by"), "text"),
            ("early", _("Before its release"), "word"),
        ], [{
            "product": line.product_id.display_name, "lot": line.lot_id.name or "",
            "supplier": line.lot_id.med_supplier_id.display_name or "",
            "supplier_lot": line.lot_id.med_supplier_lot or "",
            "quantity": line.quantity, "uom": line.product_uom_id.name, "used": iso(line.date),
            "person": line.write_uid.name or "", "condition": line.lot_id.med_condition or "",
            "decision": decisions.get(line.lot_id.id, ""), "early": line in early,
        } for line in lines])

    @api.model
    def _med_decision_texts(self, lots):
        """Return ``{lot id: number, signer and time of the last decision}``."""
        found = {}
        for line in self.env["med.disposition.line"].search(
                [("lot_id", "in", lots.ids), ("disposition_id.state", "=", "done")], order="id"):
            decision = line.disposition_id
            signed = (decision.med_signature_ids or decision.release_id._med_given())[-1:]
            found[line.lot_id.id] = " · ".join(filter(None, (
                decision.name, decision.release_id.name, signed.name,
                readable(iso(signed.signed_at), "date")))) if signed else decision.name
        return found

    def _med_record_bom(self):
        """Return, for each component, what the order asked for and what went in."""
        _ = self.env._
        moves = self.production_id.move_raw_ids.filtered(lambda move: move.state != "cancel")
        return self._med_table("bom", _("Asked for and used"), [
            ("product", _("Component"), "text"), ("operation", _("Operation"), "text"),
            ("asked", _("Asked for"), "number"), ("used", _("Used"), "number"),
            ("uom", _("Unit"), "text"), ("added", _("Not in the bill of materials"), "word"),
        ], [{
            "product": move.product_id.display_name, "operation": move.operation_id.name or "",
            "asked": move.product_uom_qty, "used": move.quantity, "uom": move.product_uom.name,
            "added": bool(self.production_id.bom_id and not move.bom_line_id)}
            for move in moves])

    def _med_record_operations(self):
        """Return who did which operation where and when; one row for each time at the work."""
        _, rows = self.env._, []
        words = dict(self.env["mrp.workorder"]._fields["state"]._description_selection(self.env))
        for work in self.production_id.workorder_ids:
            head = {
                "operation": work.name, "workcenter": work.workcenter_id.name,
                "state": words.get(work.state, "")}
            for time in work.time_ids.sorted("id") or [None]:
                rows.append({
                    **head, "person": time.user_id.name if time else "",
                    "begun": iso(time.date_start if time else work.date_start),
                    "ended": iso(time.date_end if time else work.date_finished),
                    "minutes": round(time.duration if time else work.duration, 2)})
        return self._med_table("operations", _("Operations"), [
            ("operation", _("Operation"), "text"), ("workcenter", _("Work centre"), "text"),
            ("person", _("Operator"), "text"), ("begun", _("Begun (UTC)"), "date"),
            ("ended", _("Ended (UTC)"), "date"), ("minutes", _("Minutes"), "number"),
            ("state", _("State"), "text")], rows)

    def _med_record_labels(self):
        _, jobs = self.env._, self._med_label_jobs()
        words = dict(jobs._fields["state"]._description_selection(self.env))
        return self._med_table("labels", _("Labels"), [
            ("job", _("Label job"), "text"), ("template", _("Template"), "text"),
            ("printed", _("Printed"), "number"), ("used", _("Used"), "number"),
            ("destroyed", _("Destroyed"), "number"), ("returned", _("Returned"), "number"),
            ("difference", _("Difference"), "number"), ("reason", _("Explanation"), "text"),
            ("counted", _("Counted by"), "text"), ("inspected", _("Inspected by"), "text"),
            ("closed", _("Closed (UTC)"), "date"), ("state", _("State"), "text"),
        ], [{
            "job": job.name, "template": job.template_id.display_name,
            "printed": job.printed_quantity, "used": job.used_quantity,
            "destroyed": job.destroyed_quantity, "returned": job.returned_quantity,
            "difference": job.difference, "reason": job.difference_reason or "",
            "counted": job.reconciler_id.name or "", "inspected": job.inspector_id.name or "",
            "closed": iso(job.closed_date), "state": words[job.state]} for job in jobs])

    def _med_record_deviations(self):
        _, found = self.env._, self._med_discrepancies()
        words = dict(found._fields["conclusion"]._description_selection(self.env))
        return self._med_table("deviations", _("Deviations and discrepancies"), [
            ("number", _("Number"), "text"), ("date", _("Time (UTC)"), "date"),
            ("what", _("What is wrong"), "text"), ("conclusion", _("Conclusion"), "text"),
            ("note", _("Grounds"), "text"), ("person", _("Settled by"), "text"),
        ], [{
            "number": one.name, "date": iso(one.create_date), "what": one.message,
            "conclusion": words.get(one.conclusion, ""), "note": one.note or "",
            "person": one.settled_uid.name or ""} for one in found])

    def _med_record_holds(self):
        _, rows = self.env._, []
        lines = self._med_output_lots().med_hold_line_ids
        for hold, held in lines.grouped("hold_id").items():
            rows.append({
                "number": hold.name, "reason": hold.reason, "lots": len(held),
                "placed": iso(hold.placed_at), "person": hold.placed_by_id.name,
                "lifted": iso(hold.lifted_at), "conclusion": hold.conclusion or "",
                "signed": ", ".join(hold.med_signature_ids.mapped("name"))})
        return self._med_table("holds", _("Holds"), [
            ("number", _("Number"), "text"), ("reason", _("Reason"), "text"),
            ("lots", _("Lots"), "number"), ("placed", _("Placed (UTC)"), "date"),
            ("person", _("Placed by"), "text"), ("lifted", _("Lifted (UTC)"), "date"),
            ("conclusion", _("Conclusion"), "text"), ("signed", _("Signed by"), "text")], rows)

    def _med_record_scrap(self):
        _ = self.env._
        scraps = self.production_id.scrap_ids.filtered(lambda scrap: scrap.state == "done")
        return self._med_table("scrap", _("Scrap"), [
            ("number", _("Number"), "text"), ("product", _("Product"), "text"),
            ("lot", _("Lot/Serial"), "text"), ("quantity", _("Quantity"), "number"),
            ("uom", _("Unit"), "text"), ("reason", _("Reason"), "text"),
            ("date", _("Time (UTC)"), "date"), ("person", _("Posted by"), "text"),
        ], [{
            "number": scrap.name, "product": scrap.product_id.display_name,
            "lot": scrap.lot_id.name or "", "quantity": scrap.scrap_qty,
            "uom": scrap.product_uom_id.name,
            "reason": ", ".join(scrap.scrap_reason_tag_ids.mapped("name")),
            "date": iso(scrap.date_done), "person": scrap.write_uid.name} for scrap in scraps])

    def _med_record_changes(self):
        """Return values that were there and were changed, with the one before and the reason."""
        _ = self.env._
        rows = self._med_trail_changes()
        return self._med_table("changes", _("Changed after first entry"), [
            ("at", _("Time (UTC)"), "date"), ("who", _("Person"), "text"),
            ("record", _("Record"), "text"), ("field", _("Field"), "text"),
            ("old", _("Before"), "text"), ("new", _("After"), "text"),
            ("reason", _("Reason"), "text")], rows)

    def _med_record_signatures(self):
        _ = self.env._
        steps = {one.name: self._med_word(one.label) for one in self._med_machine.transitions}
        words = dict(self.env["med.signature"]._fields["status"]._description_selection(self.env))
        return self._med_table("signatures", _("Signatures"), [
            ("step", _("Step"), "text"), ("name", _("Signed by"), "text"),
            ("role", _("Role"), "text"), ("meaning", _("Meaning"), "text"),
            ("time", _("Time (UTC)"), "date"), ("reason", _("Reason"), "text"),
            ("status", _("Status"), "text"), ("sha256", _("SHA-256 of what was signed"), "text"),
        ], [{
            "step": steps.get(row.transition, row.transition),
            "name": f"{row.name} ({row.login})", "role": row.role or "",
            "meaning": row.meaning_name, "time": iso(row.signed_at), "reason": row.reason or "",
            "status": words[row._get_status()], "sha256": row.digest}
            for row in self.med_signature_ids.sorted("id")])

    # ------------------------------------------------------------------ attachments

    def _med_record_documents(self):
        """Return ``{model: ids}`` of the documents whose files belong to the record."""
        return {"med.release": self.ids, "mrp.production": self.production_id.ids,
                "mrp.workorder": self.production_id.workorder_ids.ids}

    def _med_record_attachments(self):
        rows = []
        for model, res_ids in sorted(self._med_record_documents().items()):
            for file in self.env["ir.attachment"].search(
                    [("res_model", "=", model), ("res_id", "in", res_ids),
                     ("type", "=", "binary")], order="id"):
                data = file.raw or b""
                rows.append({
                    "name": file.name, "model": model, "res_id": file.res_id,
                    "mimetype": file.mimetype or "", "size": file.file_size,
                    "sha256": digest(data) if data or not file.file_size else ""})
        return rows
