from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import machine as rules
from ..tools.permit import take
from .med_signable_state import CONTRACT_VERSION, ROUND, permitted, set_state


class MedSignableMixin(models.AbstractModel):
    """Makes a model's steps declared, guarded and signed.

    A model sets ``_med_machine`` to a :class:`~..tools.machine.Machine` and has the selection
    field it names, with ``copy=False``. The state is then written by ``med_transition`` and
    ``med_sign`` alone: ``create`` and ``write`` refuse it to everybody, superuser included.
    """

    _name = "med.signable.mixin"
    _description = "Record That Is Signed"
    _inherit = ["med.signed.content.mixin"]

    _med_machine = None

    med_signature_round = fields.Integer(
        string="Round of Signatures", default=1, copy=False, readonly=True,
        help="Grows when the step is opened again; only signatures of this round count.",
    )
    med_signature_ids = fields.One2many(
        "med.signature", "res_id", string="Signatures", readonly=True, copy=False,
        bypass_search_access=True,
    )
    med_signature_next = fields.Char(
        string="Signs Next", compute="_compute_med_signature_next",
        help="Who has to sign for the next step.",
    )
    med_signature_status = fields.Selection(
        [("none", "Not signed"), ("valid", "Valid"), ("invalid", "Invalid")],
        string="Signature Status", compute="_compute_med_signature_status",
    )

    def _register_hook(self):
        super()._register_hook()
        if self._med_machine:
            rules.check(self._med_machine, self._med_states())

    # ------------------------------------------------------------------------------------------
    # What is shown

    def _med_state_depends(self):
        machine = self._med_machine
        return [machine.field, ROUND, "med_signature_ids"] if machine else []

    @api.depends(lambda self: self._med_state_depends())
    @api.depends_context("lang")
    def _compute_med_signature_next(self):
        meanings = self.env["med.signature.meaning"]._labels()
        for record in self:
            record.med_signature_next = "; ".join(
                self._med_word(transition.label) + ": " + ", ".join(
                    record._med_signer_text(transition.signers[slot], meanings)
                    for slot in slots)
                for transition, slots in record._med_open() if slots)

    def _med_word(self, label):
        """Return a declared label, marked for translation there, in the reader's words."""
        return self.env._(label)  # pylint: disable=gettext-variable

    def _med_signer_text(self, signer, meanings):
        who = self.sudo()[signer.only].name if signer.only else " / ".join(
            self.env.ref(group).sudo().name for group in signer.groups)
        meaning = meanings.get(signer.meaning, signer.meaning)
        return f"{meaning} ({who})" if who else meaning

    @api.depends(lambda self: [*self._med_state_depends(), *(
        self._med_machine.content if self._med_machine else ())])
    def _compute_med_signature_status(self):
        for record in self:
            rows = record._med_given()
            record.med_signature_status = "none" if not rows else (
                "valid" if all(row._get_status() == "valid" for row in rows) else "invalid")

    def _med_printed(self, name):
        """Return the text of a field, for the paper; of a selection, its label."""
        field = self._fields[name]
        return dict(field._description_selection(self.env)).get(self[name]) if (
            field.type == "selection") else self[name]

    def action_med_sign(self):
        """Open the dialog in which the next signature of these records is given."""
        return {"type": "ir.actions.client", "tag": "med_signature.sign",
                "params": {"model": self._name, "records": self.ids}}

    def action_med_step(self):
        """Take the step that the button names in the context as ``med_step``, without signature."""
        name = self.env.context.get("med_step", "")
        if self._med_find_transition(name).reason:
            title = self._med_word(self._med_find_transition(name).label)
            return {"type": "ir.actions.client", "tag": "med_signature.ask", "name": title,
                    "params": {"model": self._name, "records": self.ids, "title": title,
                               "method": "med_transition", "arguments": {"name": name}}}
        self.med_transition(name)
        return None

    # ------------------------------------------------------------------------------------------
    # Declaration

    def _med_states(self):
        """Return state → label in the reader's language."""
        return dict(self._fields[self._med_machine.field]._description_selection(self.env))

    def _med_risk_class(self):
        """Return the risk class that chooses among stored rules; empty for all."""
        return ""

    def _med_find_transition(self, name):
        """Return the declared transition of a name, as stored rules leave it for this record."""
        for one in self._med_machine.transitions if self._med_machine else ():
            if one.name == name:
                return self.env["med.signature.rule"]._apply(one, self)
        raise UserError(self.env._("There is no step “%(name)s”.", name=name))

    def _med_transitions(self):
        """Return the transitions that lead on from the record's present state."""
        self.ensure_one()
        state = self[self._med_machine.field]
        return [self.env["med.signature.rule"]._apply(one, self)
                for one in self._med_machine.transitions if state in one.source]

    def _med_given(self):
        """Return the signatures of the present round."""
        self.ensure_one()
        return self.sudo().med_signature_ids.filtered(
            lambda row: row.res_model == self._name and row.round == self.med_signature_round
        ).sorted("id")

    def _med_open(self):
        """Return (transition, places that may be signed now) for each way on."""
        given = [rules.Given(row.transition, row.slot, row.meaning, row.user_id.id)
                 for row in self._med_given()]
        return [(one, rules.open_slots(one, given)) for one in self._med_transitions()]

    def _med_fields(self, transition):
        return transition.content or self._med_machine.content

    @api.model
    def med_state_diagram(self):
        """Return the declared steps as text of a Mermaid state diagram.

        :return: ``{"mermaid": ..., "version": 1}``
        """
        self.browse().check_access("read")
        meanings = self.env["med.signature.meaning"]._labels()
        return {"version": CONTRACT_VERSION, "mermaid": self._med_draw(meanings)}

    def _med_draw(self, meanings):
        return rules.mermaid(self._med_machine, self._med_states(), meanings, self.env._)

    # ------------------------------------------------------------------------------------------
    # Guards

    @api.model_create_multi
    def create(self, vals_list):
        machine = self._med_machine
        for vals in vals_list:
            if vals.get(machine.field, machine.initial) != machine.initial or (
                    vals.get(ROUND, 1) != 1):
                self._med_refuse("create", vals.get(machine.field))
        # Written out, so that no default of the caller's context or of a user gets in.
        return super().create(
            [{**vals, machine.field: machine.initial, ROUND: 1} for vals in vals_list])

    def write(self, vals):
        machine = self._med_machine
        guarded = {name: vals[name] for name in (machine.field, ROUND) if name in vals}
        if any(record[name] != value for record in self for name, value in guarded.items()) and (
                not take(self._name, self.ids, permitted(guarded))):
            self._med_refuse("write", vals.get(machine.field))
        signed = self._med_signed_roots() & vals.keys()
        if signed:
            self._med_check_locked({name: vals[name] for name in signed})
        result = super().write(vals)
        if signed:
            self._med_reopen_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        for record in self:
            if record.sudo().med_signature_ids:
                raise UserError(self.env._(
                    "“%(name)s” is signed and is not deleted.", name=record.display_name))

    def _med_refuse(self, how, state):
        self.env["med.signature.authentication"]._record(
            "state_refused", {"how": how, "state": str(state)}, self[:1])
        raise AccessError(self.env._(
            "The state of “%(model)s” is not written: it follows from its steps.",
            model=self._description))

    def _med_signed_roots(self):
        machine = self._med_machine
        return {path.partition(".")[0] for path in (
            *machine.content, *(path for one in machine.transitions for path in one.content))}

    def _med_check_locked(self, values):
        """Refuse a change of signed content in a locked state.

        :param values: field → value to be written; None for a change of lines
        """
        for record in self:
            for name, value in (values or {None: None}).items():
                if not record._med_is_locked(name):
                    continue
                if name and not self._fields[name].type.endswith("2many"):
                    field = self._fields[name]
                    cached = field.convert_to_cache(value, record)
                    if field.convert_to_record(cached, record) == record[name]:
                        continue
                elif name and not value:
                    continue
                raise UserError(self.env._(
                    "“%(name)s” is signed and is not changed any more.",
                    name=record.display_name))

    def _med_is_locked(self, name):
        """Return whether a signed field is not changed in the record's state.

        :param name: of the field; None for a change of lines
        """
        return self[self._med_machine.field] in self._med_machine.locked

    def _med_reopen_changed(self):
        """Where content no longer is what was signed, begin a new round at the first step."""
        for record in self:
            rows = record._med_given()
            if not rows or all(record._med_says(row.content) for row in rows):
                continue
            record.sudo().med_signature_ids.invalidate_recordset(["status"], flush=False)
            set_state(record, rows[0].source, next_round=True)
            self.env["med.audit.entry"].sudo()._record_event(
                "signature_voided", record=record,
                payload={"signatures": rows.ids, "state": rows[0].source})
            record._med_note(self.env._("Signed content changed: sign again."))

    def _med_note(self, text):
        if "message_ids" in self._fields:
            self.sudo()._message_log_batch(bodies=dict.fromkeys(self.ids, text))
