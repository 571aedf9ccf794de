from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import keys, sealer
from ..tools.sealing import SealError

LAG_LIMIT = 300  # seconds, unless the parameter med_audit.lag_limit says otherwise


class MedAuditCheckpoint(models.Model):
    """A signed state of the sealed log, read from the store outside the ORM."""

    _name = "med.audit.checkpoint"
    _description = "Checkpoint of the Audit Trail"
    _auto = False
    _order = "id desc"
    _rec_name = "size"

    size = fields.Integer("Entries", readonly=True)
    root = fields.Char(readonly=True, help="Root of the Merkle tree over all entries so far.")
    at = fields.Datetime("Sealed", readonly=True)
    note = fields.Text("Signed Checkpoint", readonly=True)

    def init(self):
        self.env.cr.execute("""
            CREATE OR REPLACE VIEW med_audit_checkpoint AS
            SELECT id, size, encode(root, 'hex')::varchar AS root, at AT TIME ZONE 'UTC' AS at, note
              FROM med_audit.checkpoint""")

    # ------------------------------------------------------------------ sealing

    @api.model
    def _cron_seal(self):
        """Seal what no process sealed, and tell quality assurance where sealing lags or stops."""
        problem = ""
        try:
            sealer.seal(self.env.cr.dbname)
        except SealError as error:
            problem = str(error)
        self.env.cr.commit()  # a new snapshot: what was sealed just now is sealed
        lag = self._lag()
        limit = int(self.env["ir.config_parameter"].sudo().get_param(
            "med_audit.lag_limit", LAG_LIMIT))
        if not problem and lag["seconds"] > limit:
            problem = self.env._("The oldest entry waits for its seal since %(minutes)s minutes.",
                                 minutes=lag["seconds"] // 60)
        self._tell(problem)

    @api.model
    def _tell(self, problem):
        """Tell quality assurance about a problem once, and again when it is another one."""
        parameters = self.env["ir.config_parameter"].sudo()
        if problem != (parameters.get_param("med_audit.seal_problem") or ""):
            parameters.set_param("med_audit.seal_problem", problem)
            if problem:
                self.env["med.audit.entry"]._alarm(
                    self.env._("The audit trail is not being sealed"), problem)

    @api.model
    def _lag(self):
        """Return how far sealing is behind: ``{"entries", "seconds", "since", "problem"}``.

        Seconds is the age of the oldest entry without a seal, 0 without one; since is ISO UTC.
        """
        self.env.cr.execute("""
            SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)::integer,
                   min(at) AT TIME ZONE 'UTC'
              FROM med_audit.entry e, med_audit.seal_state s
             WHERE (e.xid >= s.watermark OR s.log IS DISTINCT FROM med_audit.log_id())
               AND (SELECT l.seq FROM med_audit.leaf l WHERE l.entry = e.id) IS NULL""")
        entries, seconds, since = self.env.cr.fetchone()
        return {"entries": entries, "seconds": max(seconds, 0),
                "since": since.isoformat() if since else "",
                "problem": self.env["ir.config_parameter"].sudo().get_param(
                    "med_audit.seal_problem") or ""}

    # ------------------------------------------------------------------ keys

    @api.model
    def _log_id(self):
        self.env.cr.execute("SELECT med_audit.log_id()::text")
        return self.env.cr.fetchone()[0]

    @api.model
    def _require_admin(self):
        if not self.env.user.has_group("med_base.med_base_group_system_admin"):
            raise AccessError(self.env._("Only a system administrator may do this."))

    @api.model
    def public_keys(self):
        """Return the public keys that sign the log: ``{"version", "log", "keys"}``.

        Whoever will verify the log one day should get them now, on paper or by mail.
        """
        self.env["med.audit.entry"].check_access("read")
        log = self._log_id()
        return {"version": 1, "log": log, "keys": keys.public(log).splitlines()}

    @api.model
    def rotate_key(self):
        """Make a new key. Until `retire_key` the one before signs each checkpoint as well."""
        self._require_admin()
        log = self._log_id()
        if not keys.signers(log):
            raise UserError(self.env._("There is no private key at %s yet.", keys.path(log)))
        key = keys.add(log)
        self.env["med.audit.entry"]._record_event("seal_key", payload={"key": key})
        return {"version": 1, "key": key}

    @api.model
    def retire_key(self):
        """Let the current key sign alone; public keys stay, for what the old ones signed."""
        self._require_admin()
        log = self._log_id()
        if len(keys.signers(log)) > 1:
            newest, current = self.search([], limit=1), str(keys.signers(log)[0].key.id.hex())
            self.env["med.audit.entry"]._record_event(
                "seal_key_retired", payload={"current": current, "size": newest.size})
            keys.retire(log)
        return {"version": 1, "keys": [str(signer.key) for signer in keys.signers(log)]}

    @api.model
    def resume_after_restore(self, reason):
        """Go on sealing a database restored from a backup older than its last checkpoint.

        Verification against the checkpoints handed out since that backup will fail, and has to: the
        entries after it are gone. The reason becomes an entry.
        """
        self._require_admin()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the log is shorter than what was signed."))
        keys.forget(self._log_id(), self.env.cr.dbname)
        self.env["med.audit.entry"]._record_event("seal_resumed", payload={"reason": reason})
        return {"version": 1, "resumed": True}
