import base64
import os
import re
from datetime import timezone
from pathlib import Path

import requests
from odoo import api, fields, models
from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.exceptions import UserError

from .. import keys
from ..tools import store, timestamp
from ..tools.chain import Broken
from ..tools.checkpoint import Checkpoint, verified
from ..tools.note import NoteError
from .med_audit_entry_proof import raw

TIMEOUT = 20  # seconds for the time-stamp authority
LARGEST = 100_000  # bytes of its answer


class MedAuditAnchor(models.Model):
    """A checkpoint that was put where the database's administrator cannot reach it."""

    _name = "med.audit.anchor"
    _description = "Anchor of the Audit Trail"
    _order = "id desc"
    _rec_name = "size"

    kind = fields.Selection(
        [("file", "File"), ("email", "E-mail"), ("stamp", "Time stamp (RFC 3161)")],
        required=True, readonly=True,
    )
    target = fields.Char(required=True, readonly=True)
    size = fields.Integer("Entries", required=True, readonly=True)
    note = fields.Text("Signed Checkpoint", required=True, readonly=True)
    state = fields.Selection(
        [("done", "Anchored"), ("failed", "Failed")], required=True, readonly=True)
    error = fields.Char(readonly=True)
    token = fields.Binary("Time Stamp", attachment=False, readonly=True)
    stamped = fields.Datetime(readonly=True, help="The authority's time, UTC.")

    @api.model
    def _targets(self):
        """Return where to anchor: ``[(kind, target)]``, from the settings."""
        get = self.env["ir.config_parameter"].sudo().get_param
        return [(kind, target) for kind, target in (
            ("file", get("med_audit.anchor_folder")), ("email", get("med_audit.anchor_emails")),
            ("stamp", get("med_audit.tsa_url"))) if target]

    @api.model
    def _cron_anchor(self):
        """Anchor the newest checkpoint wherever it is not anchored yet."""
        newest = self.env["med.audit.checkpoint"].search([], limit=1)
        for kind, target in self._targets() if newest else ():
            if not self.search_count([
                    ("kind", "=", kind), ("target", "=", target), ("state", "=", "done"),
                    ("size", "=", newest.size)]):
                self._anchor(kind, target, newest)

    def action_anchor(self):
        """Anchor now; a list of what was done."""
        self.env["med.audit.checkpoint"]._require_admin()
        if not self._targets():
            raise UserError(self.env._("Say in the settings first where checkpoints are kept."))
        self.sudo()._cron_anchor()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    @api.model
    def _anchor(self, kind, target, checkpoint):
        """Anchor a checkpoint and record how it went; a failure alarms quality assurance."""
        vals = {"kind": kind, "target": target, "size": checkpoint.size, "note": checkpoint.note,
                "state": "done"}
        try:
            vals |= getattr(self, f"_anchor_{kind}")(target, checkpoint) or {}
        except (OSError, requests.RequestException, timestamp.StampError, UserError,
                MailDeliveryException) as error:
            vals |= {"state": "failed", "error": str(error)}
        anchor = self.create(vals)
        self.env["med.audit.entry"]._record_event("anchor", anchor, {
            "kind": kind, "target": target, "size": checkpoint.size, "state": anchor.state})
        if anchor.state == "failed":
            self.env["med.audit.entry"]._alarm(
                self.env._("A checkpoint of the audit trail could not be anchored"),
                f"{target}: {anchor.error}")
        return anchor

    def _name_of(self, checkpoint):
        log = Checkpoint.parse(checkpoint.note).log
        return re.sub(r"[^\w.-]", "_", f"{log}-{self.env.cr.dbname}-{checkpoint.size:012}")

    def _keep_file(self, folder, name, data):
        """Write a file that is never replaced."""
        target = Path(folder) / name
        if not target.exists():
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444),
                           "wb") as stream:
                stream.write(data)

    def _anchor_file(self, folder, checkpoint):
        self._keep_file(folder, f"{self._name_of(checkpoint)}.checkpoint",
                        checkpoint.note.encode())

    def _anchor_email(self, addresses, checkpoint):
        point = Checkpoint.parse(checkpoint.note)
        name = f"{self._name_of(checkpoint)}.checkpoint"
        self.env["mail.mail"].sudo().create({
            "subject": self.env._("Checkpoint of the audit trail: %(size)s entries, %(time)s",
                                  size=point.size, time=point.time),
            "email_to": addresses,
            "body_html": "<pre>%s</pre>" % checkpoint.note,
            "auto_delete": False,
            "attachment_ids": [fields.Command.create({
                "name": name, "raw": checkpoint.note.encode(), "mimetype": "text/plain"})],
        }).send(raise_exception=True)

    def _anchor_stamp(self, url, checkpoint):
        roots = self.env["ir.config_parameter"].sudo().get_param("med_audit.tsa_roots")
        if not roots:
            raise UserError(self.env._(
                "The authority's root certificate is not in the settings."))
        asked = timestamp.request(checkpoint.note)
        answer = self._ask_authority(url, asked.as_bytes())
        stamped = timestamp.verify(answer, checkpoint.note, roots, asked)
        if folder := self.env["ir.config_parameter"].sudo().get_param("med_audit.anchor_folder"):
            self._keep_file(folder, f"{self._name_of(checkpoint)}.checkpoint",
                            checkpoint.note.encode())
            self._keep_file(folder, f"{self._name_of(checkpoint)}.tsr", answer)
        return {"token": base64.b64encode(answer),
                "stamped": stamped.astimezone(timezone.utc).replace(tzinfo=None)}

    @api.model
    def _ask_authority(self, url, data):
        """Send a request to the time-stamp authority; return its answer (DER)."""
        response = requests.post(url, data=data, timeout=TIMEOUT, headers={
            "Content-Type": "application/timestamp-query"})
        response.raise_for_status()
        if len(response.content) > LARGEST:
            raise UserError(self.env._("The authority's answer is too long."))
        return response.content

    def action_compare(self):
        """Compare the log with the checkpoint as anchored, and the stamp with its roots."""
        self.ensure_one()
        self.check_access("read")
        try:
            self.sudo()._compare()
        except (Broken, NoteError, timestamp.StampError) as error:
            finding = getattr(error, "finding", error)
            raise UserError(self.env._("The log does not agree: %s", finding)) from None
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {"type": "success", "message": self.env._(
                "The log still holds these %s entries as they were.", self.size)},
        }

    def _compare(self):
        log = Checkpoint.parse(self.note).log
        store.against(store.Store(raw(self.env.cr)), self.target,
                      verified(self.note, keys.public_keys(log)))
        if self.token:
            timestamp.verify(base64.b64decode(self.token), self.note, self.env[
                "ir.config_parameter"].sudo().get_param("med_audit.tsa_roots") or "")

    def write(self, vals):
        raise UserError(self.env._("Anchors are records and are not changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Anchors are records and stay."))
