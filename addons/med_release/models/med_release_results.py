from odoo import models
from odoo.addons.med_inspection.models.med_inspection import SHOP_STAGES
from odoo.addons.med_inspection.tools.matching import match
from odoo.addons.med_traceability.tools.times import iso
from odoo.exceptions import AccessError, UserError

from ..tools.checks import EXCEPTED, MISSING, NOTE, item, row

PARAMETERS = ("process", "environment")
DURING = ("in_process", "clearance")
AFTERWARDS = ("final", "return", "periodic", "batch")
DONE = ("accepted", "concession")
QUALITY = ("med_base.med_base_group_qa", "med_base.med_base_group_qa_release")


class MedRelease(models.Model):
    """Inspections, process parameters and process batches of what an order made."""

    _inherit = "med.release"

    def _med_check_names(self, stage):
        names = super()._med_check_names(stage)
        place = names.index("_med_check_materials") + 1
        return [*names[:place], "_med_check_parameters", "_med_check_in_process",
                "_med_check_final", "_med_check_batches", *names[place:]]

    def _med_inspections(self):
        """Return the inspections of the order and of its lots, by id."""
        return self.env["med.inspection"].search([
            "|", "&", ("production_id", "=", self.production_id.id), ("stage", "in", SHOP_STAGES),
            "&", ("lot_ids", "in", self._med_output_lots().ids), ("stage", "in", AFTERWARDS),
        ], order="id")

    def _med_cured(self, inspections):
        """Return those that a later accepted inspection of the same goods made good."""
        settled = inspections.browse()
        further = inspections.filtered(lambda one: one.state in DONE).resubmission_of_id
        while further - settled:
            settled |= further
            further = further.resubmission_of_id
        return settled

    def _med_inspection_items(self, inspections):
        """Return what is open, rejected or conceded among inspections."""
        _, items = self.env._, []
        cured = self._med_cured(inspections)
        states = dict(inspections._fields["state"]._description_selection(self.env))
        stages = dict(inspections._fields["stage"]._description_selection(self.env))
        for one in inspections:
            told = _("%(inspection)s (%(stage)s): %(state)s", inspection=one.name,
                     stage=stages[one.stage], state=states[one.state])
            if one.state == "concession":
                items.append(item(EXCEPTED, _("%(told)s, %(count)s units", told=told,
                                              count=one.concession_quantity), one._name, one.id,
                                  one.concession_reference or ""))
            elif one.state in ("accepted", "cancelled"):
                if one.med_signature_status == "invalid":
                    items.append(item(MISSING, _("%(told)s, and a signature is invalid",
                                                 told=told), one._name, one.id))
            elif one in cured or not one.blocking:
                items.append(item(NOTE, told, one._name, one.id))
            else:
                items.append(item(MISSING, told, one._name, one.id))
        return items

    def _med_inspection_row(self, key, label, stages, lacking=()):
        _ = self.env._
        found = self._med_inspections().filtered(lambda one: one.stage in stages)
        items = self._med_inspection_items(found)
        items += [item(MISSING, text, *where) for text, where in lacking]
        count = len(found.filtered(lambda one: one.state in DONE))
        fine = _("%(count)s accepted", count=count) if count else _("No plan asks for one")
        return row(key, label, fine, items, [
            [one.id, one.state, one.verdict, one.readings_digest] for one in found])

    # ------------------------------------------------------------------ checks

    def _med_check_parameters(self):
        """Every parameter that a plan asks for was recorded, and lies within its limits."""
        check = self._med_inspection_row(
            "parameters", self.env._("Process parameters and environment"), PARAMETERS,
            self._med_lacking(PARAMETERS))
        if check["state"] == "ok" and not check["items"]:
            count, failed = self._med_reading_counts()
            if count:
                check["text"] = self.env._(
                    "%(count)s values recorded, %(failed)s outside their limits",
                    count=count, failed=failed)
        return check

    def _med_reading_counts(self):
        found = self._med_inspections().filtered(
            lambda one: one.stage in PARAMETERS and one.state in DONE)
        counts = dict(self.env["med.reading"]._read_group(
            [("inspection_id", "in", found.ids)], ["outcome"], ["__count"]))
        return sum(counts.values()), counts.get("fail", 0)

    def _med_check_in_process(self):
        return self._med_inspection_row(
            "in_process", self.env._("In-process inspections and line clearance"), DURING,
            self._med_lacking(DURING))

    def _med_check_final(self):
        lots = self._med_output_lots().filtered(lambda lot: lot.med_status != "rejected")
        return self._med_inspection_row(
            "final", self.env._("Final inspection"), AFTERWARDS,
            [(text, ("stock.lot", lots[:1].id)) for text in lots._med_inspections_missing()])

    def _med_check_batches(self):
        """What a process batch has to free is covered by accepted ones; samples are taken."""
        _, lots = self.env._, self._med_output_lots()
        bound = lots.filtered("product_id.med_batch_process")
        items, lines = [], self.env["med.process.batch.line"].search([("lot_id", "in", lots.ids)])
        if bound:
            covered = self.env["med.process.batch.line"]._covered(bound)
            on_hand = dict(self.env["stock.quant"]._read_group(
                [("lot_id", "in", bound.ids), ("location_id.usage", "in", (
                    "internal", "transit"))], ["lot_id"], ["quantity:sum"]))
            for lot in bound:
                short = on_hand.get(lot, 0.0) - covered.get(lot.id, 0.0)
                open_one = lines.filtered(lambda line, it=lot: line.lot_id == it).batch_id[-1:]
                if lot.med_status != "rejected" and (lot.id not in covered or short > 1e-6):
                    where = open_one or lot
                    items.append(item(MISSING, _(
                        "%(lot)s: %(quantity)s went through no accepted run", lot=lot.name,
                        quantity=f"{max(short, 0.0):g}"), where._name, where.id))
        items += [item(MISSING, _("%(sample)s of %(lot)s is still to be taken",
                                  sample=one.name, lot=one.lot_id.name), one._name, one.id)
                  for one in self.env["med.retention.sample"].search(
                      [("lot_id", "in", lots.ids), ("state", "=", "planned")])]
        runs = lines.batch_id.filtered(lambda run: run.state == "accepted")
        fine = ", ".join(runs.mapped("name")) if runs else _("None is asked for")
        return row("batches", _("Process batches and retention samples"), fine, items,
                   [[line.batch_id.id, line.batch_id.state, line.lot_id.id, line.quantity]
                    for line in lines])

    # ------------------------------------------------------------------ what was never begun

    def _med_lacking(self, stages):
        """Return ``(sentence, (model, id))`` of inspections on the floor that were not made.

        The page begins them where their plan is named.
        """
        return [(self.env._("%(plan)s was not done: begin it here", plan=one.plan.display_name),
                 (one.plan._name, one.plan.id))
                for one in self._med_wanted() if one.plan.stage in stages]

    def _med_wanted(self):
        """Return what blocking plans that held when the order began ask for, and is not there.

        A plan that a newer version has replaced since is still asked for; a cancelled inspection
        is none.
        """
        order = self.production_id
        known = {(one.production_id.id, one.workorder_id.id, one.stage)
                 for one in self._med_inspections() if one.state != "cancelled"}
        begun = (order.date_start or order.create_date).date()
        Plan = self.env["med.inspection.plan"].sudo()
        plans = Plan.search([
            ("company_id", "=", order.company_id.id), ("stage", "in", SHOP_STAGES),
            ("date_from", "<=", begun), "|", ("date_to", "=", False), ("date_to", ">", begun),
            "|", ("state", "=", "approved"), "&", ("state", "=", "retired"),
            ("date_to", "!=", False)], order="id")
        targets = {stage: held._targets() for stage, held in plans.grouped("stage").items()}

        def find(_company, stage, product, partner, operation, workcenter):
            subject = Plan._subject(product.sudo(), partner, operation, workcenter)
            return Plan.browse(match(targets.get(stage, []), subject) or ())

        return [one for stage in SHOP_STAGES for one in order._med_wanted(stage, known, find)
                if one.plan.blocking]

    def action_begin_inspections(self):
        """Begin the inspections of the order that its plans ask for and that are not there."""
        self.ensure_one()
        self.check_access("write")
        if not any(map(self.env.user.has_group, QUALITY)):
            raise AccessError(self.env._("Inspections of an order are begun by quality assurance."))
        made = self.env["med.inspection"]._make(self.sudo()._med_wanted())
        if not made:
            raise UserError(self.env._("No inspection is lacking."))
        return {"type": "ir.actions.act_window", "res_model": "med.inspection",
                "view_mode": "list,form", "name": self.env._("Inspections"),
                "domain": [("id", "in", made.ids)]}

    # ------------------------------------------------------------------ trail and record

    def _med_corrections(self):
        """Return the readings that correct an earlier one, by id."""
        return self.env["med.reading"].search([
            ("inspection_id", "in", self._med_inspections().ids),
            ("corrects_id", "!=", False)], order="id")

    def _med_record_sections(self):
        sections = super()._med_record_sections()
        place = [one["key"] for one in sections].index("operations") + 1
        return [*sections[:place], self._med_record_inspections(), self._med_record_readings(),
                self._med_record_batches(), *sections[place:]]

    def _med_record_inspections(self):
        _, found = self.env._, self._med_inspections()
        stages = dict(found._fields["stage"]._description_selection(self.env))
        states = dict(found._fields["state"]._description_selection(self.env))
        verdicts = dict(found._fields["verdict"]._description_selection(self.env))
        return self._med_table("inspections", _("Inspections"), [
            ("number", _("Number"), "text"), ("stage", _("Stage"), "text"),
            ("plan", _("Plan"), "text"), ("operation", _("Operation"), "text"),
            ("equipment", _("Equipment"), "text"), ("quantity", _("Lot size"), "number"),
            ("drawn", _("Drawn"), "number"), ("failed", _("Values not passed"), "number"),
            ("verdict", _("Verdict"), "text"), ("state", _("Decision"), "text"),
            ("concession", _("Concession"), "text"), ("signed", _("Signed by"), "text"),
        ], [{
            "number": one.name, "stage": stages[one.stage],
            "plan": f"{one.plan_id.display_name} ({one.plan_version})",
            "operation": one.workorder_id.name or "", "equipment": one.equipment or "",
            "quantity": one.quantity, "drawn": len(one.sample_ids), "failed": one.fail_count,
            "verdict": verdicts[one.verdict], "state": states[one.state],
            "concession": one.concession_reference or "",
            "signed": ", ".join(f"{row.name} ({row.meaning_name})" for row in one._med_given()),
        } for one in found])

    def _med_record_readings(self):
        """Return every value, the corrected ones with it: first value, then what came after."""
        _, rows = self.env._, []
        for one in self._med_inspections():
            told = {row["key"]: row for row in one._sheet_characteristics()}
            entries = one._sheet_readings(one._rows())
            corrected = {entry["corrects"] for entry in entries} - {0}
            outcomes = dict(one.reading_ids._fields["outcome"]._description_selection(self.env))
            for entry in entries:
                sheet = told.get(entry["characteristic"], {})
                limits = " … ".join([sheet["lower"], sheet["upper"]]) if (
                    sheet.get("lower") or sheet.get("upper")) else ""
                change = [_("corrected")] if entry["id"] in corrected else []
                change += [_("corrects: %(why)s", why=entry["note"])] if entry["corrects"] else []
                change += [_("retest (%(record)s)", record=entry["record"])] if (
                    entry["retest_of"]) else []
                rows.append({
                    "inspection": one.name, "unit": entry["unit"],
                    "characteristic": sheet.get("name", entry["characteristic"]),
                    "value": " ".join(filter(None, (
                        entry["value"], entry["uom"], ", ".join(entry["defects"])))),
                    "limits": " ".join(filter(None, (limits, sheet.get("uom", "") if limits
                                                     else ""))),
                    "outcome": outcomes[entry["outcome"]], "gauge": entry["gauge"],
                    "time": entry["time"], "person": entry["user"],
                    "measured": entry["person"], "change": ", ".join(change)})
        return self._med_table("readings", _("Values"), [
            ("inspection", _("Inspection"), "text"), ("unit", _("Unit"), "text"),
            ("characteristic", _("Characteristic"), "text"), ("value", _("Value"), "text"),
            ("limits", _("Limits"), "text"), ("outcome", _("Result"), "text"),
            ("gauge", _("Gauge"), "text"), ("time", _("Time (UTC)"), "date"),
            ("person", _("Person"), "text"), ("measured", _("Measured By"), "text"),
            ("change", _("Changed"), "text")], rows)

    def _med_record_batches(self):
        _ = self.env._
        lines = self.env["med.process.batch.line"].search(
            [("lot_id", "in", self._med_output_lots().ids)], order="id")
        words = dict(lines.batch_id._fields["process"]._description_selection(self.env))
        states = dict(lines.batch_id._fields["state"]._description_selection(self.env))
        return self._med_table("batches", _("Process batches"), [
            ("batch", _("Process batch"), "text"), ("process", _("Process"), "text"),
            ("number", _("Load"), "text"), ("cycle", _("Cycle"), "text"),
            ("lot", _("Lot/Serial"), "text"), ("quantity", _("Quantity"), "number"),
            ("started", _("Begun (UTC)"), "date"), ("ended", _("Ended (UTC)"), "date"),
            ("indicator", _("Indicator"), "text"), ("state", _("State"), "text"),
            ("signed", _("Signed by"), "text"),
        ], [{
            "batch": line.batch_id.name, "process": words[line.batch_id.process],
            "number": line.batch_id.number or "", "cycle": line.batch_id.cycle or "",
            "lot": line.lot_id.name, "quantity": line.quantity,
            "started": iso(line.batch_id.started_at), "ended": iso(line.batch_id.ended_at),
            "indicator": line.batch_id.indicator_lot or "", "state": states[line.batch_id.state],
            "signed": ", ".join(line.batch_id._med_given().mapped("name"))} for line in lines])

    def _med_record_documents(self):
        documents = super()._med_record_documents()
        found = self._med_inspections()
        return {**documents, "med.inspection": found.ids,
                "med.inspection.document": found.document_ids.ids,
                "med.reading": found.reading_ids.filtered("attachment_id").ids}
