from odoo import fields, models
from odoo.addons.med_signature.tools import canonical
from odoo.addons.med_signature.tools.permit import permit
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .med_processor_signature import MEANINGS


class MedProcessor(models.Model):
    """How a processor signs: nobody of ours can do it in its place."""

    _inherit = "med.processor"

    def _med_sign(self, record, meaning, content=None, method="portal", **given):
        """Keep the processor's signature under a record, and do what follows from it.

        The record may offer ``_med_processor_content(meaning)`` (plain data, what is signed),
        ``_med_before_processor_sign(processor, meaning, note)`` (raises UserError) and
        ``_med_after_processor_sign(signature)``.

        :param record: of this processor (by its ``processor_id``, where it has one)
        :param str meaning: of ``med_processor_signature.MEANINGS``
        :param content: None for the record's own ``_med_processor_content``; names of fields
            (list or tuple, ``"line_ids.quantity"`` reads lines); or a dictionary of plain data
            without floats, which then is not compared again
        :param method: ``portal``: the caller's user is the processor's portal user, with
            ``secret`` (his password), ``code`` (of his authenticator), ``by`` (``password`` or
            ``passkey``). ``message``: with ``message`` (its number), ``key_name``, ``person`` and
            ``happened_at``. ``scan``: with ``scan``, a verified ``med.processor.scan``.
        :param given: those of the method, and ``note``
        :return: the row of ``med.processor.signature``
        :raise UserError: with one sentence; nothing is signed then, and a wrong secret is counted
        """
        self.ensure_one()
        ways = {"portal": self._med_proof_portal, "message": self._med_proof_message,
                "scan": self._med_proof_scan}
        if method not in ways or meaning not in dict(MEANINGS):
            raise UserError(self.env._(
                "There is no signature “%(meaning)s” by “%(method)s”.", meaning=meaning,
                method=method))
        record = record.sudo().ensure_one()
        own = record["processor_id"] if "processor_id" in record._fields else self
        if own.id != self.id or not record.exists():
            raise AccessError(self.env._(
                "%(record)s is not this processor's to sign.", record=record.display_name))
        note = given.pop("note", "") or ""
        proof = ways[method](record, meaning, note, **given)
        self.env.flush_all()
        self.env.execute_query(SQL("SELECT id FROM %s WHERE id = %s FOR UPDATE",
                                   SQL.identifier(record._table), record.id))
        record.invalidate_recordset()
        if hasattr(record, "_med_before_processor_sign"):
            record._med_before_processor_sign(self, meaning, note)
        signature = _store(self.sudo(), record, meaning, note, canonical.canonical(
            self._med_signed_content(record, meaning, content)), {"method": method, **proof})
        if hasattr(record, "_med_after_processor_sign"):
            record._med_after_processor_sign(signature)
        return signature

    def _med_signed_content(self, record, meaning, content):
        """Return what is signed as plain data; see :meth:`_med_sign`."""
        if isinstance(content, dict):
            return content
        if content:
            return type(self.env["med.signed.content.mixin"])._med_content(record, content)
        if not hasattr(record, "_med_processor_content"):
            raise UserError(self.env._(
                "%(record)s does not say what is signed.", record=record.display_name))
        return record._med_processor_content(meaning)

    # ------------------------------------------------------------------ how it is known

    def _med_proof_portal(self, record, meaning, note, *, secret="", code="", by="password"):
        """The person signed in is the processor's, and shows who he is at this signature."""
        user = self.env.user.sudo()
        if user.id not in self._med_people().ids:
            raise AccessError(self.env._(
                "This is signed by the processor's own people, in its portal."))
        proof = self.env["med.signature.authentication"]._authenticate(
            user.login, secret, code, by)
        if proof.user.id != user.id or user.med_terminal:
            raise AccessError(self.env._(
                "This is signed by the processor's own people, in its portal."))
        return {"person": user.name, "user_id": user.id, "components": proof.method,
                "device": proof.device}

    def _med_proof_message(self, record, meaning, note, *, message=0, key_name="", person="",
                           happened_at=False):
        """A message of theirs says it, and its signature is right."""
        if not self.env.su or not isinstance(message, int) or not key_name or (
                not self._med_message_signed(message, key_name)):
            raise AccessError(self.env._(
                "No message that this processor has signed says so."))
        return {"person": person or self.sudo().partner_id.name, "user_id": self.env.uid,
                "message_res_id": message, "key_name": key_name, "happened_at": happened_at}

    def _med_message_signed(self, message, key_name):
        """Return whether a message came from this processor and was signed with this key.

        For the exchange to answer: without it nobody knows, and nothing is signed.

        :param int message: number of the ``med.exchange.message``
        """
        return False

    def _med_proof_scan(self, record, meaning, note, *, scan=None):
        """A stamped paper: one person of ours entered it, another one compared it and signed."""
        scan = scan.sudo() if scan is not None else self.env["med.processor.scan"]
        if not scan._med_proves(self, record, meaning, note):
            raise AccessError(self.env._(
                "No stamped paper that a second person has verified says so."))
        verifier = scan._med_given().filtered(lambda row: row.transition == "verify")[-1:]
        return {"person": scan.person, "user_id": scan.user_id.id,
                "verified_user_id": verifier.user_id.id, "scan_id": scan.id,
                "scan_sha256": scan.sha256, "happened_at": fields.Datetime.to_datetime(
                    scan.signed_on)}


# Not a method: the code of a server action reaches every method of a record.

def _store(processor, record, meaning, note, text, proof):
    digest = canonical.digest(text)
    rows = processor.env["med.processor.signature"]
    values = {
        "processor_id": processor.id, "company_id": processor.company_id.id,
        "res_model": record._name, "res_id": record.id, "res_name": record.display_name,
        "round": rows._med_round(record), "meaning": meaning, "note": note or False,
        "signed_at": fields.Datetime.now(), "digest": digest, "content": text, **proof,
    }
    with permit("med.processor.signature", (), (record._name, record.id, meaning, digest)):
        return rows.create(values)
