import hashlib
from contextlib import contextmanager
from contextvars import ContextVar

from odoo import api, fields, models
from odoo.exceptions import UserError

VERSION = 1
SNAPSHOT = ("state", "entry_last", "entry_count", "after_first_count", "own_count", "digest",
            "completed")
_completing = ContextVar("med_audit_review_completing", default=frozenset())


@contextmanager
def completing(reviews):
    """Let what a completion writes through the guard of these reviews."""
    token = _completing.set(_completing.get() | set(reviews.ids))
    try:
        yield
        reviews.flush_recordset()
    finally:
        _completing.reset(token)


class MedAuditReview(models.Model):
    """Somebody responsible has read the trail of a record or a period (MHRA 2018, PI 041-1).

    A completed review says up to which entry, keeps the digest of what was read, and is never
    changed. An addon that makes completion a declared step takes ``_snapshot`` in it.
    """

    _name = "med.audit.review"
    _description = "Audit Trail Review"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char("Review Of", compute="_compute_name", store=True)
    model = fields.Selection(
        lambda self: self.env["med.audit.entry"]._audited_selection(), string="Kind of Record",
        index=True, help="Empty: all records of a period.",
    )
    res_id = fields.Many2oneReference("Record", model_field="model", index=True)
    date_from = fields.Datetime("From")
    date_to = fields.Datetime("Until", help="Empty: up to the completion of the review.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company,
    )
    reviewer_id = fields.Many2one(
        "res.users", string="Reviewer", required=True, default=lambda self: self.env.user,
        readonly=True, index=True,
    )
    state = fields.Selection(
        [("draft", "Open"), ("done", "Completed")], required=True, default="draft", readonly=True,
        copy=False, tracking=True,
    )
    result = fields.Selection(
        [("clean", "Nothing to object to"), ("findings", "Findings")], copy=False, tracking=True,
    )
    findings = fields.Text(copy=False, help="What was found, and what is done about it.")
    completed = fields.Datetime(readonly=True, copy=False)
    entry_last = fields.Char("Reviewed Up To Entry", readonly=True, copy=False)
    entry_count = fields.Integer("Entries", readonly=True, copy=False)
    after_first_count = fields.Integer(
        "With Values Changed After First Entry", readonly=True, copy=False)
    own_count = fields.Integer(
        "Made by the Reviewer", readonly=True, copy=False,
        help="Entries that the reviewer himself caused: somebody else should look at these.",
    )
    digest = fields.Char(
        "SHA-256", readonly=True, copy=False,
        help="Of the exact texts of the entries, each followed by a line feed.",
    )

    @api.depends("model", "res_id", "date_from", "date_to")
    def _compute_name(self):
        for review in self:
            record = review._record()
            if record is not None:
                kind = self.env["ir.model"].sudo()._get(review.model).name
                review.name = f"{kind}: {record.sudo().display_name}" if record.exists() \
                    else f"{kind}: #{review.res_id}"
            else:
                first, last = (f"{time:%Y-%m-%d}" if time else "…"
                               for time in (review.date_from, review.date_to))
                review.name = f"{first} – {last}"

    def _record(self):
        """Return the record whose trail is reviewed, None for a period of all records."""
        self.ensure_one()
        if self.model not in self.env or not self.res_id:
            return None
        return self.env[self.model].browse(self.res_id)

    # ------------------------------------------------------------------ what cannot be done

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_snapshot(vals)
        # Written out, so that no default of the caller's context or of a user gets in.
        blank = {**dict.fromkeys(SNAPSHOT, False), "state": "draft", "reviewer_id": self.env.uid}
        return super().create([{**vals, **blank} for vals in vals_list])

    def write(self, vals):
        if not _completing.get().issuperset(self.ids):
            self._check_snapshot(vals)
            if any(review.state != "draft" for review in self):
                raise UserError(self.env._("A completed review is not changed; begin a new one."))
        return super().write(vals)

    def _check_snapshot(self, vals):
        if any(vals.get(name) not in (None, False, 0, "draft") for name in SNAPSHOT) or (
                vals.get("reviewer_id") not in (None, self.env.uid)):
            raise UserError(self.env._(
                "A review is completed by its button, by the reviewer himself."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never_completed(self):
        if any(review.state != "draft" for review in self):
            raise UserError(self.env._("A completed review is not deleted."))

    # ------------------------------------------------------------------ completion

    def action_complete(self):
        """Complete these reviews: note up to which entry, and the digest of what was read."""
        for review in self:
            review._check_complete()
            with completing(review):
                review.write({"state": "done", **review._snapshot()})

    def _check_complete(self):
        """Raise UserError where a review cannot be completed as it stands."""
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This review is completed already."))
        if self.reviewer_id != self.env.user:
            raise UserError(self.env._("Only %s can complete this review.", self.reviewer_id.name))
        if not self.result:
            raise UserError(self.env._("Say what the result is."))
        if self.result == "findings" and not (self.findings or "").strip():
            raise UserError(self.env._("Describe the findings."))

    def _snapshot(self):
        """Return values that say what was read: up to which entry, how many, their digest."""
        Entry = self.env["med.audit.entry"]
        rows = self._entries()
        bodies = Entry._export_bodies(rows)
        words = Entry._render_entries(rows[::-1])
        return {
            "completed": fields.Datetime.now(),
            "entry_last": str(rows[-1]["id"]) if rows else "", "entry_count": len(rows),
            "after_first_count": sum(any(change["after_first"] for change in word["changes"])
                                     for word in words),
            "own_count": sum(row["user_id"] == self.reviewer_id.id for row in rows),
            "digest": hashlib.sha256(
                "".join(f"{body}\n" for body in bodies).encode()).hexdigest(),
        }

    def _entries(self):
        """Return the entries under review, oldest first."""
        self.ensure_one()
        if self._record() is None and not (self.date_from or self.date_to):
            raise UserError(self.env._("Name a record or a period."))
        return self.env["med.audit.entry"]._copy_rows(
            {"record": self._record(), "first": self.date_from, "last": self.date_to})

    # ------------------------------------------------------------------ for whoever releases

    @api.model
    @api.readonly
    def status(self, model: str, res_id: int):
        """Tell whether the trail of a record has been reviewed, and what is newer.

        :param model: model of the record
        :param res_id: its id
        :return: ``{"version", "reviewed", "result", "reviewer", "completed" (ISO, UTC, or ""),
            "up_to" (entry id, or ""), "newer" (entries since that the review has not seen)}``
        :raise AccessError: the caller may not read the record
        """
        Entry = self.env["med.audit.entry"]
        record = Entry._history_record(model, res_id)
        review = self.sudo().search([
            ("model", "=", model), ("res_id", "=", res_id), ("state", "!=", "draft"),
            ("date_from", "=", False), ("date_to", "=", False)], limit=1)
        rows = Entry.sudo()._copy_rows({
            "record": record.sudo(), "first": None, "last": None})
        last = int(review.entry_last or 0)
        newer = sum(row["id"] > last for row in rows)
        return {
            "version": VERSION, "reviewed": bool(review) and not newer,
            "result": review.result or "", "reviewer": review.reviewer_id.name or "",
            "completed": f"{review.completed.isoformat()}Z" if review else "",
            "up_to": review.entry_last or "", "newer": newer,
        }

    def action_history(self):
        """Open the trail that is under review."""
        self.ensure_one()
        if self._record() is not None:
            action = self.env["ir.actions.actions"]._for_xml_id(
                "med_audit.med_audit_history_action")
            return {**action, "context": {"active_model": self.model, "active_id": self.res_id}}
        action = self.env["ir.actions.actions"]._for_xml_id("med_audit.med_audit_entry_action")
        domain = [("at", ">=", self.date_from)] if self.date_from else []
        domain += [("at", "<", self.date_to)] if self.date_to else []
        return {**action, "domain": domain, "context": {}}
