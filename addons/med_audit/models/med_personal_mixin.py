import os

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import vault

VERSION = 1


class MedPersonalMixin(models.AbstractModel):
    """Personal data of patients, complainants and other people who are not users.

    A model inherits it, declares fields of type ``PersonalText`` (``addons/med_audit/personal.py``)
    and says what the data is for, how long it must be kept, and who may see it. What is assigned
    to such a field is encrypted before it reaches the cache; reads give a mask. Each look at the
    plain text is an entry of the audit trail with its purpose. Forgetting destroys the key.
    """

    _name = "med.personal.mixin"
    _description = "Personal Data"

    _med_personal_purpose = ""
    """What the data is collected for, in one sentence."""
    _med_personal_class = "vigilance"
    """Class of the retention rules that say how long it must be kept."""
    _med_personal_groups = "med_base.med_base_group_qa,med_base.med_base_group_regulatory"
    """Groups whose members may see the plain text and decide on forgetting."""

    med_personal_key_id = fields.Many2one(
        "med.personal.key", string="Key of Personal Data", readonly=True, copy=False,
        index="btree_not_null", ondelete="restrict",
    )

    # ------------------------------------------------------------------ public

    def med_reveal(self, names: list, purpose: str):
        """Give the plain text of personal data, and record who asked for it and why.

        :param names: fields wanted
        :param purpose: why, in words of the caller
        :return: ``{"version", "records": [{"id", "forgotten", "values": {field: text}}]}``
        :raise AccessError: the caller may not see personal data, or not these records
        :raise UserError: no purpose, or a field that holds no personal data
        """
        self._check_personal("read")
        if not isinstance(purpose, str) or not purpose.strip():
            raise UserError(self.env._("Say what you need the personal data for."))
        known = self._personal_names()
        if not isinstance(names, list) or not names or not known.issuperset(names):
            raise UserError(self.env._(
                "names must be a list of %s.", ", ".join(sorted(known))))
        for record in self:
            self.env["med.audit.entry"]._record_event("personal_read", record, {
                "fields": ", ".join(sorted(names)), "purpose": purpose.strip(),
            }, own_cursor=True)
        return {"version": VERSION, "records": self._open_personal(names)}

    def med_forget(self, reason: str):
        """Forget the personal data of these records for good; what proves the records stays.

        :param reason: on what grounds
        :return: ``{"version", "forgotten" (how many records)}``
        :raise AccessError: the caller may not decide that
        :raise UserError: no reason, or the law asks for the data to be kept
        """
        self._check_personal("write")
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say on what grounds the personal data is forgotten."))
        for record in self:
            record._check_personal_retention()
        keys = self.sudo().med_personal_key_id.filtered("wrapped")
        keys._forget(reason.strip())
        for record in self.filtered(lambda record: record.sudo().med_personal_key_id in keys):
            self.env["med.audit.entry"]._record_event(
                "personal_forgotten", record, {"reason": reason.strip()})
        return {"version": VERSION, "forgotten": len(keys)}

    # ------------------------------------------------------------------ who and how long

    def _check_personal(self, operation):
        self.check_access(operation)
        if not self.env.user.has_groups(self._med_personal_groups):
            raise AccessError(self.env._("Your role does not include personal data."))

    def _check_personal_retention(self):
        """Raise UserError while a retention rule asks for the data, or may ask for it."""
        self.ensure_one()
        found = self.env["med.retention.rule"].med_effective(
            record_class=self._med_personal_class, facts=self._personal_facts(),
            markets=self._personal_markets())
        if found["status"] == "for_ever":
            raise UserError(self.env._("%s: a rule asks to keep this for ever.", self.display_name))
        if found["status"] == "unknown":
            raise UserError(self.env._(
                "%(name)s: it is not known how long this must be kept (missing: %(missing)s), and "
                "what is not known is kept.", name=self.display_name,
                missing=", ".join(found["missing"])))
        if found["until"] >= fields.Date.to_string(fields.Date.context_today(self)):
            raise UserError(self.env._(
                "%(name)s: must be kept until %(until)s (%(rules)s).", name=self.display_name,
                until=found["until"], rules=", ".join(rule["name"] for rule in found["rules"])))

    def _personal_facts(self):
        """Return the facts that retention rules read; see ``med.retention.rule``."""
        return {"record": fields.Date.to_string(self.create_date)}

    def _personal_markets(self):
        """Return the codes of the jurisdictions that the device went to."""
        return []

    # ------------------------------------------------------------------ storing

    @api.model
    def _personal_names(self):
        return {name for name, field in self._fields.items() if getattr(field, "personal", False)}

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._without_masks(vals) for vals in vals_list]
        keys = iter(self._make_keys(sum(
            any(vals.get(name) for name in self._personal_names()) for vals in vals_list)))
        prepared = []
        # Written out, so that no default of the caller's context is stored as it is.
        blank = dict.fromkeys([*self._personal_names(), "med_personal_key_id"], False)
        for vals in vals_list:
            vals = {**blank, **vals}
            if any(vals.get(name) for name in self._personal_names()):
                key = next(keys)
                vals = {**vals, **self._sealed(vals, key), "med_personal_key_id": key.id}
            prepared.append(vals)
        return super().create(prepared)

    def write(self, vals):
        vals = self._without_masks(vals)
        if not any(vals.get(name) for name in self._personal_names()):
            return super().write(vals) if vals else True
        self.check_access("write")
        plain = {name: vals[name] for name in self._personal_names() & set(vals)}
        rest = {name: value for name, value in vals.items() if name not in plain}
        if rest:
            super().write(rest)
        missing = self.sudo().filtered(lambda record: not record.med_personal_key_id.wrapped)
        for record, key in zip(missing, self._make_keys(len(missing)), strict=True):
            super(MedPersonalMixin, record).write({
                **dict.fromkeys(self._personal_names(), False), "med_personal_key_id": key.id})
        for record in self:
            super(MedPersonalMixin, record).write(
                record._sealed(plain, record.sudo().med_personal_key_id))
        return True

    @api.model
    def _without_masks(self, vals):
        """Return values without masks that a client sent back, refusing a key of the caller's."""
        if vals.get("med_personal_key_id"):
            raise UserError(self.env._("The key of personal data is not chosen by anybody."))
        names = self._personal_names()
        return {name: value for name, value in vals.items()
                if not (name in names and value == vault.MASK)}

    @api.model
    def _make_keys(self, count):
        return self.env["med.personal.key"]._make(count, {
            "model": self._name, "purpose": self._med_personal_purpose,
            "record_class": self._med_personal_class,
        }) if count else self.env["med.personal.key"]

    @api.model
    def _sealed(self, vals, key):
        """Return the personal values of ``vals`` as they are stored under ``key``."""
        data_key = key._data_keys()[key.id]
        return {
            name: vault.seal(data_key, os.urandom(vault.NONCE_BYTES), f"{key.id}/{name}",
                             str(vals[name])) if vals[name] else False
            for name in self._personal_names() & set(vals)}

    def _open_personal(self, names):
        self.flush_recordset(names)
        data_keys = self.sudo().med_personal_key_id._data_keys()
        stored = {}
        if self.ids:
            columns = self.env.execute_query_dict(self._personal_query(names))
            stored = {row["id"]: row for row in columns}
        found = []
        for record in self:
            key = record.sudo().med_personal_key_id
            data_key = data_keys.get(key.id)
            values = {}
            for name in names:
                text = stored[record.id][name]
                try:
                    values[name] = "" if not text or data_key is None else vault.open_(
                        data_key, f"{key.id}/{name}", text)
                except vault.VaultError as error:
                    raise UserError(self.env._(
                        "The stored text of %(field)s was not written by this system.",
                        field=self._fields[name].string)) from error
            found.append({"id": record.id, "forgotten": bool(key) and data_key is None,
                          "values": values})
        return found

    def _personal_query(self, names):
        query = self.sudo().with_context(active_test=False)._search([("id", "in", self.ids)])
        return query.select(*(self._field_to_sql(self._table, name) for name in ("id", *names)))
