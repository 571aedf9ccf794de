import base64
import io
import re
import zipfile
from datetime import datetime, timezone

from odoo import api, fields, models
from odoo.addons.med_base.tools.evidence import digest
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.spreadsheet import to_csv

VERSION = 1
MOST = 200_000
PDF_ENTRIES = 1_000
MIMETYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8", "zip": "application/zip",
             "set": "application/zip"}


class MedAuditEntry(models.Model):
    """Copies of the trail for inspection: paper, spreadsheet, data with proof (21 CFR 11.10(b)).

    A copy is of a record with what belongs to it, of a period, or of both. Making one is an entry
    of the trail itself, with the SHA-256 of what was handed out.
    """

    _inherit = "med.audit.entry"

    @api.model
    def export(self, form: str, model: str = "", res_id: int = 0, date_from: str = "",
               date_to: str = ""):
        """Make a copy of the trail of a record, of a period, or of a record in a period.

        :param form: ``pdf``, ``csv``, ``zip`` (JSON with proof; ``setup/verify_audit`` and the
            README inside say how to verify it) or ``set`` (all of them with people, roles,
            policies and verifications: what an inspector asks for first)
        :param model: model of the record, "" for all records
        :param res_id: its id
        :param date_from: ISO date or time in UTC from which on; "" from the beginning
        :param date_to: ISO date or time in UTC before which; "" to the end
        :return: ``{"version", "name", "mimetype", "content" (base64), "sha256", "entries"}``
        :raise AccessError: the caller may not search the trail
        :raise UserError: an argument cannot be used, or there are more entries than fit
        """
        name, data, count = self._export(form, {
            "model": model, "res_id": res_id, "date_from": date_from, "date_to": date_to})
        return {"version": VERSION, "name": name, "mimetype": MIMETYPES[form],
                "content": base64.b64encode(data).decode(), "sha256": digest(data),
                "entries": count}

    # ------------------------------------------------------------------ what is asked

    @api.model
    def _export(self, form, asked):
        """Return ``(file name, bytes, number of entries)`` and record that it was made.

        :param dict asked: ``model``, ``res_id``, ``date_from``, ``date_to`` as of ``export``
        """
        self.check_access("read")
        if form not in MIMETYPES:
            raise UserError(self.env._("form must be one of %s.", ", ".join(MIMETYPES)))
        scope = self._export_scope(**asked)
        rows = self._copy_rows(scope)
        data = getattr(self, f"_export_{form}")(rows, scope)
        name = self._export_name(form, scope)
        payload = {"file": name, "sha256": digest(data), "entries": len(rows)}
        payload |= {key: asked[key] for key in ("date_from", "date_to") if asked[key]}
        self._record_event("export", scope["record"], payload)
        return name, data, len(rows)

    @api.model
    def _export_scope(self, model, res_id, date_from, date_to):
        """Return ``{"record", "first", "last"}``; raise UserError on what cannot be used."""
        record = None
        if model or res_id:
            record = self._history_record(model, res_id)
        first, last = (self._export_time(text, name) for text, name in (
            (date_from, "date_from"), (date_to, "date_to")))
        if record is None and not (first or last):
            raise UserError(self.env._("Name a record or a period."))
        if first and last and first >= last:
            raise UserError(self.env._("The period ends before it begins."))
        return {"record": record, "first": first, "last": last}

    @api.model
    def _export_time(self, text, name):
        try:
            time = fields.Datetime.to_datetime(text.replace("T", " ").removesuffix("Z"))
        except (ValueError, AttributeError) as error:
            raise UserError(self.env._("%s must be an ISO 8601 date or time.", name)) from error
        return time

    @api.model
    def _export_records(self, record):
        """Return the records whose trail belongs in a copy of the trail of ``record``.

        An addon adds what makes up the file of its record: for a lot its moves and orders.

        :return: list of recordsets, the record itself first
        """
        return [record]

    @api.model
    def _copy_rows(self, scope):
        """Return the entries of a scope, oldest first; raise UserError if there are too many."""
        clauses = [SQL("true")]
        if scope["first"]:
            clauses.append(SQL("at >= %s::timestamp AT TIME ZONE 'UTC'", scope["first"]))
        if scope["last"]:
            clauses.append(SQL("at < %s::timestamp AT TIME ZONE 'UTC'", scope["last"]))
        period = SQL(" AND ").join(clauses)
        self.env.flush_all()
        if scope["record"] is None:
            rows = self._read_rows(SQL(
                "id IN (SELECT id FROM med_audit.entry WHERE %s)"
                " AND (company_id IS NULL OR company_id = ANY(%s))",
                period, self.env.companies.ids), MOST + 1)
        else:
            own, *others = self._export_records(scope["record"])
            rows = self._history_rows(own, MOST + 1, period=period, others=others)
        if len(rows) > MOST:
            raise UserError(self.env._(
                "More than %s entries. Ask for a shorter period.", MOST))
        return rows[::-1]

    @api.model
    def _export_name(self, form, scope):
        parts = ["audit"]
        if scope["record"] is not None:
            name = scope["record"].display_name if scope["record"].exists() else ""
            parts.append(f"{name or scope['record']._name}_{scope['record'].id}")
        parts += [f"{time:%Y%m%d}" for time in (scope["first"], scope["last"]) if time]
        name = re.sub(r"[^\w.-]+", "_", "_".join(parts)).strip("._")[:80]
        return f"{name}.{'zip' if form == 'set' else form}"

    # ------------------------------------------------------------------ forms

    @api.model
    def _export_words(self, rows, record=None):
        """Return rows as ``history`` renders them, in UTC, oldest first."""
        return self.with_context(tz=False)._render_entries(rows[::-1], record)[::-1]

    @api.model
    def _export_csv(self, rows, scope):
        """Return one line for each change, with the id and seal of its entry."""
        _ = self.env._
        head = (_("Entry"), _("Time (UTC)"), _("Person"), _("Login"), _("Origin"), _("Called"),
                _("Record"), _("Model"), _("ID"), _("Action"), _("Field"), _("Technical field"),
                _("Before"), _("After"), _("Changed after first entry"), _("Reason"),
                _("Happened (UTC)"), _("Transaction"), _("Place in the log"))

        def lines():
            for entry in self._export_words(rows):
                start = (entry["id"], entry["at"], entry["who"], entry["login"],
                         entry["origin_label"], entry["what"], entry["line"], entry["model"],
                         entry["res_id"], entry["event_label"] or entry["op_label"])
                end = (entry["reason"], entry["event_at"], entry["transaction"], entry["seq"])
                for change in entry["changes"] or [{}]:
                    yield (*start, change.get("label"), change.get("field"), change.get("old"),
                           change.get("new"), _("yes") if change.get("after_first") else "", *end)

        return to_csv(head, lines())

    @api.model
    def _export_pdf(self, rows, scope):
        """Return the trail on paper; it embeds the exact entries, and prints their digest."""
        entries = self._export_words(rows[:PDF_ENTRIES], scope["record"])
        bodies = "".join(f"{body}\n" for body in self._export_bodies(rows)).encode()
        record = scope["record"]
        title = self.env._("Audit trail")
        subject = self.env._("All records") if record is None else (
            record.display_name if record.exists() else f"{record._name}, {record.id}")
        return self.env["med.document"]._render_pdf("med_audit.trail_document", {
            "title": title, "subject": subject, "entries": entries, "digest": digest(bodies),
            "kind": "" if record is None else self.env["ir.model"].sudo()._get(record._name).name,
            "company": self.env.company.name, "count": len(rows),
            "period": self._export_period(scope), "checkpoint": self._export_checkpoint(),
            "unsealed": sum(row["seq"] is None for row in rows),
            "after_first": sum(any(change["after_first"] for change in entry["changes"])
                               for entry in entries),
            "left_out": len(rows) - len(entries),
        }, [("entries.jsonl", self.env._("The entries, byte for byte"), bodies)])

    @api.model
    def _export_period(self, scope):
        first, last = (f"{time:%Y-%m-%d %H:%M}" if time else "…"
                       for time in (scope["first"], scope["last"]))
        return "" if first == last else f"{first} – {last}"

    @api.model
    def _export_bodies(self, rows):
        """Return the canonical texts of entries in the order of ``rows``."""
        if not rows:
            return []
        found = dict(self.env.execute_query(SQL(
            "SELECT id, body FROM med_audit.entry WHERE id = ANY(%s)",
            [row["id"] for row in rows])))
        return [found[row["id"]] for row in rows]

    @api.model
    def _export_checkpoint(self):
        """Return the signed note of the newest checkpoint, "" before the first."""
        found = self.env.execute_query(SQL(
            "SELECT note FROM med_audit.checkpoint ORDER BY size DESC LIMIT 1"))
        return found[0][0] if found else ""

    @api.model
    def _export_zip(self, rows, scope):
        """Return the bundle that ``setup/verify_audit`` verifies without Odoo."""
        return self._bundle([row["seq"] for row in rows if row["seq"] is not None])

    # ------------------------------------------------------------------ the inspector's set

    @api.model
    def _export_set(self, rows, scope):
        """Return a zip of everything an inspector asks for first, with a list of digests."""
        files = {
            "1_audit_trail.pdf": self._export_pdf(rows, scope),
            "2_audit_trail.csv": self._export_csv(rows, scope),
            **({"3_audit_trail_with_proof.zip": self._export_zip(rows, scope)}
               if self._export_checkpoint() else {}),
            **{f"{number}_{name}.csv": to_csv(head, lines)
               for number, (name, head, lines) in enumerate(self._export_lists(), 4)},
        }
        files["README.txt"] = self._export_readme(rows, scope, files).encode()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return buffer.getvalue()

    @api.model
    def _export_lists(self):
        """Return ``[(file name, head, rows)]`` of the lists in the inspector's set.

        An addon adds its own, for example the register of electronic signatures.
        """
        return [self._export_people(), self._export_policies()]

    @api.model
    def _export_people(self):
        """Every account, active or not, with its roles of this house and its last sign-in."""
        _ = self.env._
        category = self.env.ref("med_base.module_category_med")
        roles = self.env["res.groups"].sudo().search(
            [("privilege_id.category_id", "=", category.id)])
        users = self.env["res.users"].sudo().with_context(active_test=False).search(
            [("share", "in", [True, False])], order="login")
        return "people_and_roles", (
            _("Login"), _("Name"), _("Active"), _("Roles"), _("Created (UTC)"),
            _("Last sign-in (UTC)"),
        ), [(user.login, user.name, _("yes") if user.active else _("no"),
             ", ".join((user.all_group_ids & roles).mapped("name")), user.create_date,
             user.login_date) for user in users]

    @api.model
    def _export_policies(self):
        """What is under audit, table by table, and whether its triggers stand."""
        _ = self.env._
        return "what_is_audited", (_("Model"), _("Table"), _("Problem")), [
            (model, table, problem or "") for table, model, problem in self.env.execute_query(
                SQL("SELECT tbl, model, problem FROM med_audit.expected() ORDER BY model, tbl"))]

    @api.model
    def _export_readme(self, rows, scope, files):
        _ = self.env._
        record = scope["record"]
        return "\n".join((
            _("Audit trail of %s", self.env.company.name), "",
            _("Record: %s", _("all records") if record is None else f"{record._name}, {record.id}"),
            _("Period (UTC): %s", self._export_period(scope) or _("all")),
            _("Entries: %s", len(rows)),
            _("Made: %(time)s UTC by %(user)s, database %(database)s",
              time=f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M:%S}", user=self.env.user.name,
              database=self.env.cr.dbname), "",
            _("The PDF is for reading and the CSV for sorting. The third file holds the entries "
              "byte for byte with the proof that they are those of the sealed log; its README "
              "says how it is verified without this system."), "",
            _("Newest checkpoint of the log:"), self._export_checkpoint(),
            "SHA-256:", *(f"{digest(data)}  {name}" for name, data in files.items()), ""))
