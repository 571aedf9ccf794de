from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

MOST = 200


class MedAuditEntry(models.Model):
    """What the search screen and the form of an entry show beside the stored columns."""

    _inherit = "med.audit.entry"

    subject = fields.Char("About", compute="_compute_words", search="_search_subject")
    who = fields.Char(compute="_compute_words")
    summary = fields.Char("What", compute="_compute_words")
    changes = fields.Json(compute="_compute_words")
    body = fields.Text("Exact Text", compute="_compute_body", help="The bytes that are sealed.")

    @api.depends_context("lang", "tz", "uid")
    def _compute_words(self):
        rows = self._read_rows(SQL("id = ANY(%s)", self.ids)) if self.ids else []
        words = {int(entry["id"]): entry for entry in self._render_entries(rows)}
        for entry in self:
            word = words[entry.id]
            entry.subject = word["line"]
            entry.who = word["who"]
            entry.changes = {"changes": word["changes"], "withheld": word["withheld"]}
            entry.summary = " · ".join(filter(None, (
                word["event_label"] or word["op_label"], *(
                    f"{change['label']}: {change['old']} → {change['new']}"
                    if change["old"] and change["kind"] != "unlink"
                    else f"{change['label']}: {change['new'] or change['old']}"
                    for change in word["changes"][:3]))))[:240]

    def _compute_body(self):
        bodies = dict(self.env.execute_query(SQL(
            "SELECT id, body FROM med_audit.entry WHERE id = ANY(%s)", self.ids)))
        for entry in self:
            entry.body = bodies.get(entry.id)

    def _search_subject(self, operator, value):
        """Find entries by the name that a record has now; of each kind the first MOST.

        Whoever searches the trail sees every entry of his companies: names are searched for him.
        """
        if operator not in ("ilike", "=ilike", "="):
            return NotImplemented
        found = Domain.FALSE
        for model in sorted(self._audited_models()):
            if model in self.env and self._is_named(model):
                records = self.env[model].sudo().with_context(active_test=False).search(
                    [("display_name", operator, value)], limit=MOST)
                if records:
                    found |= Domain("model", "=", model) & Domain("res_id", "in", records.ids)
        return found

    @api.model
    def _is_named(self, model):
        """Return whether records of a model are found by name: theirs may be computed only."""
        Model = self.env[model]
        names = Model._rec_names_search or [Model._rec_name]
        return all(name and Model._fields[name.partition(".")[0]]._description_searchable
                   for name in names)

    # ------------------------------------------------------------------ ways out

    def action_record_history(self):
        """Open the audit trail of the record that this entry is about."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("med_audit.med_audit_history_action")
        return {**action, "context": {"active_model": self.model, "active_id": self.res_id}}

    def action_record(self):
        """Open the record that this entry is about."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self.model, "res_id": self.res_id,
                "views": [(False, "form")]}
