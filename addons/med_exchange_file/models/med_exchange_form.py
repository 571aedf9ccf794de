import base64

from odoo import api, fields, models
from odoo.addons.med_base.models.med_kept_file_mixin import SPOKEN
from odoo.exceptions import UserError
from odoo.tools.translate import LazyTranslate

from ..tools.plain import plain
from ..tools.workbook import csv_bytes

_lt = LazyTranslate(__name__)

MOST_LINES = 200
MOST_FORMS = 100  # printed as one file


class MedExchangeForm(models.Model):
    """A numbered form on paper for when the line is down, and what was written on it.

    Printed ahead, blank; typed in afterwards with the time when each thing happened, beside the
    time when it was entered; taken in the way of any file.
    """

    _name = "med.exchange.form"
    _description = "Downtime Form"
    _inherit = ["med.kept.file.mixin", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True
    _med_refusals = {
        "unlink": _lt("A numbered form is voided, not deleted."),
        "copy": _lt("A form is not copied: print another."),
    }

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/", index=True)
    mapping_id = fields.Many2one("med.exchange.mapping", required=True, index=True,
                                 ondelete="restrict",
                                 domain="[('state', '=', 'active')]")
    exchange_partner_id = fields.Many2one(related="mapping_id.exchange_partner_id", store=True,
                                          index=True)
    company_id = fields.Many2one(related="exchange_partner_id.company_id", store=True, index=True)
    lines = fields.Integer("Blank Lines", required=True, default=8)
    paper = fields.Binary("As Printed", attachment=True, readonly=True, copy=False)
    printed_at = fields.Datetime("Printed", readonly=True, copy=False)
    printed_id = fields.Many2one("res.users", "Printed By", readonly=True, copy=False)
    entry_ids = fields.One2many("med.exchange.form.entry", "form_id", "Entries", copy=False)
    entry_count = fields.Integer("Number of Entries", compute="_compute_entry_count")
    file_id = fields.Many2one("med.exchange.file", "Taken In As", readonly=True, copy=False,
                              index="btree_not_null", ondelete="restrict")
    file_state = fields.Selection(related="file_id.state", string="Status of the File")
    state = fields.Selection(
        [("blank", "Blank"), ("printed", "Printed"), ("entered", "Entered"), ("void", "Void")],
        "Status", required=True, default="blank", readonly=True, copy=False, tracking=True,
        index=True)
    void_reason = fields.Char("Reason of Voiding", copy=False, tracking=True)

    @api.depends("entry_ids")
    def _compute_entry_count(self):
        for form in self:
            form.entry_count = len(form.entry_ids)

    # ------------------------------------------------------------------ guards

    @api.constrains("lines")
    def _check_lines(self):
        for form in self:
            if not 1 <= form.lines <= MOST_LINES:
                raise UserError(self.env._("A form has 1 to %s lines.", MOST_LINES))

    @api.model_create_multi
    def create(self, vals_list):
        for mapping in self.env["med.exchange.mapping"].browse(
                [vals.get("mapping_id") for vals in vals_list if vals.get("mapping_id")]):
            if mapping.state != "active":
                raise UserError(self.env._(
                    "The mapping %s is not in force: put it in force first.",
                    mapping.display_name))
        clean = plain(self.env.context)  # defaults would fill in what only the machine writes
        number = self.env["ir.sequence"].sudo().with_context(clean)
        made = super(MedExchangeForm, self.with_context(clean)).create([
            {**{key: value for key, value in vals.items() if key in ("mapping_id", "lines")},
             "name": number.next_by_code(self._name) or "/"} for vals in vals_list])
        return made.with_env(self.env)

    def write(self, vals):
        for form in self:
            open_now = {"entry_ids", "void_reason"} | (
                {"lines", "mapping_id"} if form.state == "blank" else set())
            if form.state in ("entered", "void"):
                open_now = set()
            if vals.keys() - SPOKEN - open_now:
                raise UserError(self.env._(
                    "Form %s was printed or entered: it stays. Print another.", form.name))
        return super().write(vals)

    # ------------------------------------------------------------------ paper

    def _med_event_heading(self):
        """Return the heading of the event time."""
        return self.mapping_id.event_column or self.env._("Happened at")

    def _med_columns(self):
        """Return ``[{"heading", "name", "hint", "required"}, …]``: what is asked on the form."""
        mapping, found = self.mapping_id, {}
        found[mapping.key_column] = {"heading": mapping.key_column, "hint": "", "required": True}
        for line in mapping.line_ids:
            for column in line._med_columns():
                words = ", ".join(filter(None, (line.words or "").split("\n")[:8]))
                unit = line.argument if line.kind == "quantity" else ""
                one = found.setdefault(column, {"heading": column, "hint": "", "required": False})
                one["hint"] = one["hint"] or ", ".join(filter(None, [words or line.hint, unit]))
                one["required"] |= line.required
        found.pop(mapping.event_column, None)
        return list(found.values())

    def action_print(self):
        """Typeset these forms, keep them as they were printed, and download them as one file."""
        self.check_access("write")
        for form in self.filtered(lambda one: one.state == "void"):
            raise UserError(self.env._("Form %s is void.", form.name))
        if len(self) > MOST_FORMS:
            raise UserError(self.env._(
                "%(count)s forms are chosen, and one file holds %(most)s: print them in parts.",
                count=len(self), most=MOST_FORMS))
        self._med_typeset()
        if len(self) == 1:
            return {"type": "ir.actions.act_url", "target": "download",
                    "url": f"/med/exchange/form/{self.id}.pdf"}
        return {"type": "ir.actions.act_url", "target": "download",
                "url": f"/med/exchange/forms.pdf?forms={','.join(map(str, self.ids))}"}

    def _med_typeset(self):
        """Typeset those that have no paper yet, and keep it."""
        documents, blank = self.env["med.document"], self.filtered(lambda one: not one.paper)
        pages = [documents._page("med_exchange_file.form_document", {
            "form": form, "columns": form._med_columns(), "event": form._med_event_heading(),
            "company": form.company_id.name, "partner": form.exchange_partner_id.name,
            "fixed": [(line._med_title(), line.argument) for line in form.mapping_id.line_ids
                      if line.kind == "constant"]}) for form in blank]
        for form, data in zip(blank, documents._render_pdfs(pages) if pages else (), strict=True):
            form._store({"paper": base64.b64encode(data), "state": "printed",
                         "printed_at": fields.Datetime.now(), "printed_id": self.env.uid})

    def action_void(self):
        """Take a form out of use that was spoilt or lost."""
        for form in self:
            if form.state == "entered" or not (form.void_reason or "").strip():
                raise UserError(self.env._(
                    "Form %s: say why it is void; open one again that was entered.",
                    form.name))
        self.check_access("write")
        self._store({"state": "void"})
        return True

    # ------------------------------------------------------------------ entered

    def action_add_entry(self):
        """Add an entry with a place for each column of the form."""
        self.ensure_one()
        self.check_access("write")
        entry = self.env["med.exchange.form.entry"].create({"form_id": self.id})
        return {"type": "ir.actions.act_window", "res_model": entry._name, "res_id": entry.id,
                "view_mode": "form", "target": "new", "name": self.env._("Entry of the Form")}

    def action_enter(self):
        """Make a file of what was entered, and try it."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        if self.state not in ("blank", "printed") or not self.entry_ids:
            raise UserError(self.env._(
                "Form %s has no entries, or was entered already.", self.name))
        event = self._med_event_heading()
        headings = [one["heading"] for one in self._med_columns()]
        rows = [[*(entry._med_cell(heading) for heading in headings), entry._med_happened()]
                for entry in self.entry_ids]
        data = csv_bytes([*headings, event], rows)
        file = self.env["med.exchange.file"]._med_make({
            "name": f"{self.name}.csv", "content": base64.b64encode(data),
            "mapping_id": self.mapping_id.id}, "form", form_id=self.id)
        self._store({"state": "entered", "file_id": file.id})
        file.action_try()
        return self.action_file()

    def action_reopen(self):
        """Open a form again that was entered wrongly, to be corrected or voided.

        What was entered stays as a file that is void, or was undone.
        """
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state", "file_id"])
        file = self.file_id
        file.check_access("write")
        if self.state != "entered" or file.state not in (
                "new", "broken", "tried", "undone", "void"):
            raise UserError(self.env._(
                "Form %s was not entered, or its file has taken something in: undo the file "
                "first.", self.name))
        if file.state not in ("undone", "void"):
            file._med_lock("new", "broken", "tried")
            file._store({
                "state": "void", "reason": self.env._("Form %s is entered anew", self.name)})
        self._store({"state": "printed" if self.paper else "blank", "file_id": False})
        self._message_log(body=self.env._("Opened again; what was entered is “%s”.", file.name))
        return True

    def action_file(self):
        return {"type": "ir.actions.act_window", "res_model": "med.exchange.file",
                "res_id": self.file_id.id, "view_mode": "form"}
