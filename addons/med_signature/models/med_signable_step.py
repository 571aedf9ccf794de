from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .med_signable_state import CONTRACT_VERSION, set_state


class MedSignableMixin(models.AbstractModel):
    """The steps of a signable record, one after the other."""

    _inherit = "med.signable.mixin"

    def med_transition(self, name: str, reason: str = ""):
        """Take a step that nobody signs.

        :param name: of the step
        :param reason: where the step asks for one
        :return: ``{"states": {"<id>": state}, "version": 1}``
        :raise UserError: the step is not open, not yours, or has to be signed
        """
        self.check_access("read")
        for record in self._med_lock():
            if record._med_find_transition(name).signers:
                record._med_refuse_step(name, self.env._("This step is signed."))
            transition = record._med_check_step(name, reason)
            if transition.groups and not any(map(self.env.user.has_group, transition.groups)):
                record._med_refuse_step(name, self.env._("This step is not yours to take."))
            perform(record, transition, reason)
        return {"states": {str(record.id): record[self._med_machine.field] for record in self},
                "version": CONTRACT_VERSION}

    def _med_lock(self):
        """Lock the records until the end of the transaction, and read them anew."""
        self.env.flush_all()
        self.env.execute_query(SQL(
            "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR UPDATE",
            SQL.identifier(self._table), tuple(self.ids or [0])))
        self.invalidate_recordset()
        return self

    def _med_refuse_step(self, name, why):
        self.env["med.signature.authentication"]._record(
            "step_refused", {"step": name, "why": why}, self)
        raise UserError(self.env._("%(record)s: %(why)s", record=self.display_name, why=why))

    def _med_check_step(self, name, reason):
        """Return the transition of a name, when it may be taken now."""
        transition = self._med_find_transition(name)
        machine = self._med_machine
        if self[machine.field] not in transition.source:
            self._med_refuse_step(name, self.env._(
                "“%(step)s” does not follow “%(state)s”.", step=self._med_word(transition.label),
                state=self._med_states().get(self[machine.field])))
        if transition.reason and not (isinstance(reason, str) and reason.strip()):
            self._med_refuse_step(name, self.env._("Give a reason."))
        missing = [path for path in transition.required if not self._med_filled(path)]
        if missing:
            self._med_refuse_step(name, self.env._(
                "Still to be filled in: %(fields)s.",
                fields=", ".join(map(self._med_field_label, missing))))
        if any(not self._med_says(row.content) for row in self._med_given()):
            self._med_refuse_step(name, self.env._(
                "An earlier signature is invalid: the content was changed."))
        try:
            self.sudo()._med_before_transition(transition)
        except UserError as refusal:
            self.env["med.signature.authentication"]._record(
                "step_refused", {"step": name, "why": str(refusal)}, self)
            raise
        return transition

    def _med_filled(self, path):
        name, _dot, inner = path.partition(".")
        value, field = self.sudo()[name], self._fields[name]
        if inner:
            return bool(value) and all(line[inner] for line in value)
        return bool(value) or field.type in ("integer", "float", "monetary", "boolean")

    def _med_field_label(self, path):
        record, labels = self, []
        for name in path.split("."):
            labels.append(record._fields[name]._description_string(self.env))
            record = record[name] if record._fields[name].relational else record
        return " / ".join(labels)

    def _med_before_transition(self, transition):
        """Refuse a step by raising UserError. For models and addons to extend."""

    def _med_after_transition(self, transition):
        """Do what follows from a step. For models and addons to extend."""


# Not methods: the code of a server action reaches every method of a record.

def perform(record, transition, reason):
    """Take a step: write the state, and do what follows from it."""
    set_state(record, transition.target, transition.restart, reason)
    record.sudo()._med_after_transition(transition)


def leave(record, name, reason):
    """Take an unsigned step on behalf of the system: a right that ends with its account."""
    transition = record._med_find_transition(name)
    if transition.signers or record[record._med_machine.field] not in transition.source:
        record._med_refuse_step(name, record.env._("This step is not the system's to take."))
    perform(record, transition, reason)
