from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import canonical


class MedSignatureRowMixin(models.AbstractModel):
    """What every kind of signature is: a sealed row about a record. Never changed, never removed.

    A model has the fields ``res_model``, ``res_id``, ``round``, ``meaning``, ``signed_at``,
    ``content``, ``digest`` and ``seal``; ``_med_sealed`` names what is under the seal. Who may make
    a row, its own ``create`` says, and seals it there.
    """

    _name = "med.signature.row.mixin"
    _description = "Sealed Row of a Signature"

    _med_sealed = ()

    status = fields.Selection(
        [
            ("valid", "Valid"),
            ("changed", "Invalid: content changed"),
            ("former", "Former: step opened again"),
            ("altered", "Invalid: signature altered"),
            ("lost", "Invalid: record gone"),
        ],
        compute="_compute_status",
    )

    def init(self):
        """Let the database itself refuse changes, whoever asks for them."""
        if self._abstract:
            return
        self.env.cr.execute("""
            CREATE OR REPLACE FUNCTION med_signature_immutable() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'signatures are not changed or removed'
                    USING ERRCODE = 'insufficient_privilege';
            END $$
        """)
        table = SQL.identifier(self._table)
        for name, when in ((f"{self._table}_row", SQL("BEFORE UPDATE OR DELETE ON %s FOR EACH ROW",
                                                      table)),
                           (f"{self._table}_all", SQL("BEFORE TRUNCATE ON %s FOR EACH STATEMENT",
                                                      table))):
            trigger = SQL.identifier(name)
            self.env.cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", trigger, table))
            self.env.cr.execute(SQL(
                "CREATE TRIGGER %s %s EXECUTE FUNCTION med_signature_immutable()", trigger, when))
            self.env.cr.execute(SQL("ALTER TABLE %s ENABLE ALWAYS TRIGGER %s", table, trigger))

    def _compute_status(self):
        for row in self.sudo():
            row.status = row._get_status()

    def _get_status(self):
        """Return the verdict on a row, worked out anew from what is there."""
        self.ensure_one()
        if canonical.digest(self.content) != self.digest or self._med_seal(
                {name: self[name] for name in self._med_sealed}) != self.seal:
            return "altered"
        model = self.env.get(self.res_model)
        record = model is not None and model.sudo().browse(self.res_id).exists()
        if not record:
            return "lost"
        if self._med_round(record) != self.round:
            return "former"
        return "valid" if self._med_says(record) else "changed"

    @api.model
    def _med_round(self, record):
        """Return which round of signatures a record is in."""
        return record.med_signature_round

    def _med_says(self, record):
        """Return whether a record still says what was signed."""
        return record._med_says(self.content)

    @api.model
    def _med_seal(self, told):
        """Return the seal over what a row says.

        :param dict told: sealed field → value, given or read
        """
        return canonical.digest(canonical.canonical(
            {name: _plain(self._fields[name], told.get(name)) for name in self._med_sealed}))

    # ------------------------------------------------------------------ nothing changes

    def write(self, vals):
        raise AccessError(self.env._("Signatures are not changed."))

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise AccessError(self.env._("Signatures are not removed."))

    # ------------------------------------------------------------------ reading

    def med_verify(self):
        """Verify signatures anew: the row itself, what it was given for, and how it got there.

        :return: ``{"signatures": [{"id", "status", "origin", "name" (of a processor's: "person"),
            "meaning", "signed_at", "digest"}], "valid": bool, "version": 1}``; ``status`` is
            ``valid``, ``changed``, ``former``, ``altered`` or ``lost``; ``origin`` is what the
            audit trail says of the row's making: ``database`` for one that no person made by
            signing, empty for one without an entry; a processor's says its ``method``, too
        """
        self.check_access("read")
        origins = dict(self.env.execute_query(SQL(
            "SELECT res_id, origin FROM med_audit_entry"
            " WHERE model = %s AND op = 'I' AND res_id IN %s", self._name, tuple(self.ids or [0]))))
        rows = [{
            "id": row.id, "status": row._get_status(), "origin": origins.get(row.id, ""),
            **row._med_given_by(), "meaning": row.meaning,
            "signed_at": canonical.time_text(row.signed_at), "digest": row.digest,
        } for row in self.sudo()]
        return {"signatures": rows, "version": 1, "valid": all(
            row["status"] == "valid" and row["origin"] not in ("", "database") for row in rows)}

    def _med_given_by(self):
        """Return who signed, as :meth:`med_verify` says it."""
        return {"name": self.name}

    def action_open_record(self):
        """Open what was signed."""
        self.check_access("read")
        self.ensure_one()
        if self.res_model not in self.env:
            raise UserError(self.env._("The addon of this record is not installed."))
        return {"type": "ir.actions.act_window", "res_model": self.res_model,
                "res_id": self.res_id, "views": [(False, "form")]}


def _plain(field, value):
    """Return the value of a sealed field, given or read, as plain data."""
    if field.type == "many2one":
        value = value and int(value)
    elif field.type == "datetime" and value:
        value = canonical.time_text(fields.Datetime.to_datetime(value))
    return (value or 0) if field.type in ("integer", "many2one_reference") else value or None
