from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import canonical
from ..tools import machine as rules
from ..tools.permit import permit
from .med_signable_state import CONTRACT_VERSION, ROUND
from .med_signable_step import perform
from .med_signature_authentication import Proof


class MedSignableMixin(models.AbstractModel):
    """Signing: what is shown to the signer, who he is, and whether he may."""

    _inherit = "med.signable.mixin"

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
            perform(record, transition, reason)
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
