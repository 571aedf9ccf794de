from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import canonical
from ..tools import machine as rules
from ..tools.permit import permit, take
from .med_signature_authentication import Proof

ROUND = "med_signature_round"
CONTRACT_VERSION = 1


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
        for one in self._med_machine.transitions:
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
                not take(self._name, self.ids, _permitted(guarded))):
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
        machine = self._med_machine
        for record in self:
            if record[machine.field] not in machine.locked:
                continue
            for name, value in (values or {None: None}).items():
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

    def _med_reopen_changed(self):
        """Where content no longer is what was signed, begin a new round at the first step."""
        for record in self:
            rows = record._med_given()
            if not rows or all(record._med_says(row.content) for row in rows):
                continue
            record.sudo().med_signature_ids.invalidate_recordset(["status"], flush=False)
            _set_state(record, rows[0].source, next_round=True)
            self.env["med.audit.entry"].sudo()._record_event(
                "signature_voided", record=record,
                payload={"signatures": rows.ids, "state": rows[0].source})
            record._med_note(self.env._("Signed content changed: sign again."))

    def _med_note(self, text):
        if "message_ids" in self._fields:
            self.sudo()._message_log_batch(bodies=dict.fromkeys(self.ids, text))

    # ------------------------------------------------------------------------------------------
    # Steps

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
            _perform(record, transition, reason)
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
        self.sudo()._med_before_transition(transition)
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

    # ------------------------------------------------------------------------------------------
    # Signing

    def med_sign_preview(self, transition: str = ""):
        """Return what a person is about to sign, readable, with its digest.

        :param transition: a step; empty for every step that is open
        :return: ``{"records": [{"id", "name", "state", "content": [[label, value]], "steps":
            [{"transition", "label", "meaning", "meaning_name", "statement", "digest",
            "reason", "second"}], "signatures": [...]}], "methods": [...], "login_needed",
            "code_needed", "version": 1}``
        """
        self.check_access("read")
        authentication = self.env["med.signature.authentication"]
        meanings = {one.code: one for one in self.env["med.signature.meaning"].sudo().search([])}
        continued = authentication._is_continued(authentication._get_session())
        return {
            "records": [record._med_preview(transition, meanings) for record in self],
            "login": self.env.user.login,
            "login_needed": not continued,
            "code_needed": authentication._uses_code(self.env.user),
            "methods": self._med_methods(),
            "version": CONTRACT_VERSION,
        }

    def _med_methods(self):
        user, methods = self.env.user.sudo(), ["password"]
        if "auth_passkey_key_ids" in user._fields and user.auth_passkey_key_ids:
            methods.append("passkey")
        if user.med_terminal or self.env["med.signature.secret"].sudo().search_count(
                [("user_id", "=", user.id), ("set_at", "!=", False)]):
            methods.append("pin")
        return methods

    def _med_preview(self, name, meanings):
        steps, shown = [], {}
        for transition, slots in self._med_open():
            if name and transition.name != name:
                continue
            for slot in slots:
                signer, paths = transition.signers[slot], self._med_fields(transition)
                shown.update(dict.fromkeys(paths))
                meaning = meanings.get(signer.meaning)
                steps.append({
                    "transition": transition.name, "label": self._med_word(transition.label),
                    "meaning": signer.meaning,
                    "meaning_name": meaning.name if meaning else signer.meaning,
                    "statement": meaning.statement if meaning else "",
                    "digest": canonical.digest(canonical.canonical(self._med_content(paths))),
                    "reason": transition.reason, "second": transition.beside,
                })
        return {
            "id": self.id, "name": self.display_name, "steps": steps,
            "state": self._med_states().get(self[self._med_machine.field], ""),
            "content": self._med_readable(shown),
            "signatures": [row.display_name for row in self._med_given()],
        }

    def _med_readable(self, paths):
        """Return [label, text] of signed fields in the reader's language."""
        told, lines = [], defaultdict(list)
        for path in paths:
            name, _dot, inner = path.partition(".")
            if inner:
                lines[name].append(inner)
            else:
                told.append([self._med_field_label(name), _text(self.sudo(), name)])
        for name, inner in lines.items():
            for line in self.sudo()[name].sorted("id"):
                told.append([f"{self._med_field_label(name)}: {line.display_name}", ", ".join(
                    f"{line._fields[field]._description_string(self.env)}: {_text(line, field)}"
                    for field in inner if _text(line, field))])
        return told

    def med_sign(self, meaning: str, login: str, secret: str, reason: str = "",
                 transition: str = "", code: str = "", by: str = "password",
                 second: bool = False, digests: list | None = None):
        """Sign these records with a person's own login and secret, and take the step when it is
        the last signature that it asks for.

        :param meaning: code of the meaning, for example ``approved``
        :param login: login id of the signer; the badge with a PIN
        :param secret: his password (never an API key), PIN, or the passkey's answer as JSON
        :param reason: where the step asks for one
        :param transition: name of the step, where two open ones have this meaning
        :param code: one-time code of the authenticator, where the person uses one
        :param by: ``password``, ``pin`` or ``passkey``
        :param second: the second person signs at the first one's screen
        :param digests: digests shown before, one per record; refused when a content has changed
        :return: ``{"signatures": [{"id", "record", "digest", "signed_at", "state"}],
            "version": 1}``
        :raise UserError: with one sentence; nothing is signed then, and the try is recorded
        """
        self.check_access("read")
        proof = self.env["med.signature.authentication"]._authenticate(
            login, secret, code, by, second)
        if digests is not None and (
                not isinstance(digests, list) or len(digests) != len(self)):
            raise UserError(self.env._("“digests” must hold one text for each record."))
        signer = self.with_user(proof.user).with_context(
            allowed_company_ids=proof.user.sudo().company_ids.ids)
        rows = _sign(signer, proof, meaning, transition, reason, digests)
        return {"version": CONTRACT_VERSION, "signatures": [{
            "id": row.id, "record": row.res_id, "digest": row.digest,
            "signed_at": canonical.time_text(row.signed_at),
            "state": self.sudo().browse(row.res_id)[self._med_machine.field],
        } for row in rows]}

    def _med_choose(self, meaning, name):
        """Return the transition and the place to which a meaning belongs."""
        found = [(transition, slot) for transition, slots in self._med_open() for slot in slots
                 if transition.signers[slot].meaning == meaning
                 and name in ("", transition.name)]
        if not found:
            self._med_refuse_step(name or meaning, self.env._(
                "A signature “%(meaning)s” is not asked for now.", meaning=meaning))
        if len({transition.name for transition, _slot in found}) > 1:
            raise UserError(self.env._(
                "Several steps ask for “%(meaning)s”: name the step too.", meaning=meaning))
        return found[0]

    def _med_check_signer(self, proof, transition, slot):
        """Refuse a person who may not sign at a place."""
        user, signer = proof.user, transition.signers[slot]
        if user.sudo().med_terminal:
            self._med_refuse_step(transition.name, self.env._(
                "The account of a terminal does not sign."))
        if proof.beside and not transition.beside:
            self._med_refuse_step(transition.name, self.env._(
                "This step is not one that a second person signs."))
        if signer.only and self.sudo()[signer.only] != user.sudo():
            self._med_refuse_step(transition.name, self.env._("This step is another person's."))
        if signer.groups and not any(map(user.has_group, signer.groups)):
            self._med_refuse_step(transition.name, self.env._(
                "%(name)s has none of the roles that may sign here.", name=user.name))
        given = [rules.Given(row.transition, row.slot, row.meaning, row.user_id.id)
                 for row in self._med_given()]
        people = {name[1:]: set(self.sudo()[name[1:]].ids)
                  for name in signer.differs if name.startswith("@")}
        clash = rules.clash(transition, slot, given, user.id, people)
        if clash:
            self._med_refuse_step(transition.name, self._med_clash_sentence(clash))
        obstacle = signer.grant and self.env["med.signature.grant"]._get_obstacle(
            user, signer.meaning)
        if obstacle:
            self._med_refuse_step(transition.name, obstacle)

    def _med_clash_sentence(self, clash):
        if clash == "same":
            return self.env._("One person does not sign twice where two are needed.")
        if clash.startswith("@"):
            return self.env._("The signer must be another person than “%(field)s”.",
                              field=self._med_field_label(clash[1:]))
        return self.env._("The signer must be another person than the one who signed “%(name)s”.",
                          name=self.env["med.signature.meaning"]._labels().get(clash, clash))


def _permitted(values):
    """Return what a permit names of the values to be written."""
    return tuple(sorted((name, repr(value)) for name, value in values.items()))


# Not methods: the code of a server action reaches every method of a record.

def _sign(records, proof, meaning, name, reason, digests):
    """Sign records as a person who has shown who he is; return the new signatures."""
    if not isinstance(proof, Proof):
        raise UserError(records.env._("To sign, give your login and your secret."))
    records.check_access("read")
    rows = records.env["med.signature"].sudo()
    records._med_lock()
    checked = []
    for number, record in enumerate(records):
        transition, slot = record._med_choose(meaning, name)
        record._med_check_step(transition.name, reason)
        record._med_check_signer(proof, transition, slot)
        text = canonical.canonical(record._med_content(record._med_fields(transition)))
        if digests is not None and digests[number] != canonical.digest(text):
            record._med_refuse_step(transition.name, record.env._(
                "The content has changed since it was shown: read it again."))
        checked.append((record, transition, slot, text))
    for record, transition, slot, text in checked:
        rows |= _store(record, proof, transition, slot, text, reason)
        record.invalidate_recordset(["med_signature_ids"])
        done = record._med_given().filtered_domain([("transition", "=", transition.name)])
        if len(done) == len(transition.signers):
            _perform(record, transition, reason)
    return rows


def _store(record, proof, transition, slot, text, reason):
    user, env = proof.user.sudo(), record.env
    signer, digest = transition.signers[slot], canonical.digest(text)
    names = env["med.signature.meaning"]._labels()
    company = "company_id" in record._fields and record.sudo().company_id
    values = {
        "res_model": record._name, "res_id": record.id, "res_name": record.display_name,
        "company_id": company.id if company else None, "user_id": user.id, "name": user.name,
        "login": user.login, "role": user._med_role_names(), "meaning": signer.meaning,
        "meaning_name": names.get(signer.meaning, signer.meaning),
        "signed_at": fields.Datetime.now(), "tz": user.tz or "UTC", "method": proof.method,
        "components": proof.components, "device": proof.device,
        "session_login": proof.session_login, "transition": transition.name, "slot": slot,
        "source": record[record._med_machine.field], "target": transition.target,
        "round": record[ROUND], "digest": digest, "content": text, "reason": reason,
    }
    with permit("med.signature", (), (record._name, record.id, digest, user.id)):
        return env["med.signature"].sudo().create(values)


def _perform(record, transition, reason):
    """Take a step: write the state, and do what follows from it."""
    _set_state(record, transition.target, transition.restart, reason)
    record.sudo()._med_after_transition(transition)


def leave(record, name, reason):
    """Take an unsigned step on behalf of the system: a right that ends with its account."""
    transition = record._med_find_transition(name)
    if transition.signers or record[record._med_machine.field] not in transition.source:
        record._med_refuse_step(name, record.env._("This step is not the system's to take."))
    _perform(record, transition, reason)


def _set_state(record, state, next_round=False, reason=""):
    machine = record._med_machine
    values = {machine.field: state}
    if next_round:
        values[ROUND] = record[ROUND] + 1
    if reason:
        record = record.with_context(med_reason=reason)
    with permit(record._name, record.ids, _permitted(values)):
        record.sudo().write(values)


def _text(record, name):
    """Return what a person reads in a field."""
    field, value = record._fields[name], record[name]
    if field.relational:
        return ", ".join(value.mapped("display_name"))
    if field.type == "selection":
        return dict(field._description_selection(record.env)).get(value) or ""
    if field.type == "boolean":
        return record.env._("yes") if value else record.env._("no")
    if field.type in ("float", "monetary"):
        digits = field.get_digits(record.env) if field.type == "float" else None
        return canonical.decimal_text(value, digits and digits[1])
    return "" if value is False or value is None else str(value)
