import os
from pathlib import Path

from cryptography.fernet import Fernet
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..tools import vault


class MedPersonalKey(models.Model):
    """The data key of one record with personal data, wrapped by the master key.

    Forgetting destroys it. The row stays and says who forgot what, when, and on what grounds.
    """

    _name = "med.personal.key"
    _description = "Key of Personal Data"
    _order = "id desc"

    model = fields.Char(required=True, readonly=True)
    purpose = fields.Char(required=True, readonly=True)
    record_class = fields.Char("Retention Class", required=True, readonly=True)
    wrapped = fields.Char(groups=fields.NO_ACCESS, copy=False)
    forgotten = fields.Datetime(readonly=True, copy=False)
    forgotten_uid = fields.Many2one("res.users", string="Forgotten By", readonly=True, copy=False)
    reason = fields.Char(readonly=True, copy=False)

    _forgotten_whole = models.Constraint(
        "CHECK ((wrapped IS NULL) = (forgotten IS NOT NULL AND reason IS NOT NULL))",
        "A key is there, or it was forgotten with a reason.",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Keys are forgotten, not deleted: what was done stays known."))

    # ------------------------------------------------------------------ master key

    @api.model
    def _master_path(self):
        """Return where the master key is: MED_PERSONAL_KEY, odoo.conf, or the data directory."""
        return Path(os.environ.get("MED_PERSONAL_KEY") or config.get("med_personal_key")
                    or Path(config["data_dir"]) / "med_audit" / f"{self.env.cr.dbname}.personal")

    @api.model
    def _master(self):
        """Return the master keys; make them at first need, never where data keys are waiting.

        :raise UserError: the file is missing, open to others, or of another database
        """
        path = self._master_path()
        if not path.exists():
            if self.sudo().search_count([("wrapped", "!=", False)], limit=1):
                raise UserError(self.env._(
                    "The master key of personal data (%s) is missing. Bring it back from its "
                    "backup: without it nothing can be read.", path))
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(Fernet.generate_key() + b"\n")
        if path.stat().st_mode & 0o077:
            raise UserError(self.env._(
                "The master key of personal data (%s) can be read by others: chmod 600.", path))
        try:
            return vault.master(path.read_text())
        except (vault.VaultError, OSError, UnicodeDecodeError) as error:
            raise UserError(self.env._(
                "The master key of personal data (%(path)s) cannot be used: %(why)s.",
                path=path, why=error)) from error

    def _data_keys(self):
        """Return ``{id: data key}`` of the keys that are not forgotten."""
        keys = self.sudo().filtered("wrapped")
        if not keys:
            return {}
        master = self._master()
        try:
            return {key.id: vault.unwrap(master, key.wrapped) for key in keys}
        except vault.VaultError as error:
            raise UserError(self.env._(
                "The master key of personal data is not the one of this database.")) from error

    @api.model
    def _make(self, count, values):
        """Return ``count`` new keys for records of one model."""
        master = self._master()
        return self.sudo().create([{
            **values, "wrapped": vault.wrap(master, os.urandom(vault.KEY_BYTES)),
        } for _n in range(count)])

    @api.model
    def _rewrap(self):
        """Wrap every data key under the first master key of the file, after a new one was added.

        Return how many were wrapped anew. See docs/admin/med_audit.md.
        """
        keys = self.sudo().search([("wrapped", "!=", False)])
        master = self._master()
        for key in keys:
            key.wrapped = vault.rewrap(master, key.wrapped)
        return len(keys)

    # ------------------------------------------------------------------ forgetting

    def _forget(self, reason):
        """Destroy these data keys: what they opened is forgotten everywhere, its proof stays."""
        keys = self.sudo().filtered("wrapped")
        keys.write({"wrapped": False, "forgotten": fields.Datetime.now(),
                    "forgotten_uid": self.env.uid, "reason": reason})
        keys.flush_recordset()
