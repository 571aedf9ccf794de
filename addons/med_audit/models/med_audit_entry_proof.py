import io

from odoo import api, models
from odoo.exceptions import UserError

from .. import keys
from ..tools import bundle, merkle, store
from ..tools.checkpoint import Checkpoint
from ..tools.note import encode

SECONDS = 20  # that `verify` works before it leaves the rest to the scheduled action


def raw(cr):
    """Return psycopg2's own cursor of Odoo's, for COPY."""
    return getattr(cr, "_cursor", cr)._obj


class MedAuditEntryProof(models.Model):
    _inherit = "med.audit.entry"

    @api.model
    @api.readonly
    def prove(self, entry):
        """Prove that an entry stands in the sealed log, as it was written.

        The proof is worth as much as the public key: have that from elsewhere.

        :param entry: id of the entry, as text
        :return: ``{"version", "entry", "seq", "body", "checkpoint", "inclusion", "keys"}``:
            place in the log (text), exact text, signed checkpoint, RFC 9162 inclusion proof
            (base64, from the leaf upwards), public keys; for an entry that is not sealed yet
            ``{"version", "entry", "sealed": false}``
        """
        self.check_access("read")
        try:
            number = int(str(entry))
        except ValueError:
            raise UserError(self.env._("entry: “%s” is no id of an entry.", entry)) from None
        found = self.browse(number).exists()
        if not found:
            raise UserError(self.env._("entry: there is no entry %s.", number))
        found.check_access("read")
        if not isinstance(seq := self._seqs([number]).get(number), int):
            return {"version": 1, "entry": str(number), "sealed": False}
        log = store.Store(raw(self.env.cr))
        point, note = self._newest_checkpoint(log)
        proof = store.prove(log, seq, point.size)
        body = log.value("SELECT body FROM med_audit.entry WHERE id = %s", number)
        if not merkle.verify_inclusion(
                merkle.leaf_hash(body.encode()), seq, point.size, proof, point.root):
            raise UserError(self.env._(
                "Entry %s is not what was sealed. Run the verification of the audit trail.",
                number))
        return {"version": 1, "entry": str(number), "sealed": True, "seq": str(seq), "body": body,
                "checkpoint": note, "inclusion": [encode(one) for one in proof],
                "keys": keys.public(point.log).splitlines()}

    @api.model
    def verify(self):
        """Verify the whole audit trail: begin, or go on with a run that has begun.

        Works about 20 seconds and leaves the rest to the scheduled action; call again to see it.

        :return: ``{"version", "run", "state", "verified", "total", "findings", "checkpoint"}``;
            state is ``running``, ``intact`` or ``broken``; findings are ``{"kind": "LOG-1" …,
            "text", "entry", "seq"}``, the first bad place first
        """
        self.check_access("read")
        runs = self.env["med.audit.verification"].sudo()
        run = runs.search([("state", "=", "running")], limit=1) or runs.create({})
        run._work(SECONDS)
        return run._answer()

    @api.model
    def _seqs(self, entries):
        """Return the places in the log of those entries that are sealed: id → seq."""
        self.env.cr.execute("SELECT entry, seq FROM med_audit.leaf WHERE entry = ANY(%s)",
                            [list(entries)])
        return dict(self.env.cr.fetchall())

    @api.model
    def _newest_checkpoint(self, log):
        note = log.value("SELECT note FROM med_audit.checkpoint ORDER BY size DESC LIMIT 1")
        return Checkpoint.parse(note), note

    @api.model
    def _bundle(self, seqs):
        """Return a .zip of the entries at these places with their proof (:mod:`.tools.bundle`).

        :param seqs: places in the sealed log; those of a record, a lot or a period
        """
        log = store.Store(raw(self.env.cr))
        if not log.value("SELECT count(*) FROM med_audit.checkpoint"):
            raise UserError(self.env._("Nothing is sealed yet: there is nothing to prove."))
        point, note = self._newest_checkpoint(log)
        before = log.value("SELECT note FROM med_audit.checkpoint ORDER BY size DESC"
                           " OFFSET 1 LIMIT 1")
        growth = None
        if before:
            first = Checkpoint.parse(before).size
            growth = before, store.prove_growth(log, first, point.size)
        self.env.cr.execute(
            "SELECT l.seq, e.body FROM med_audit.leaf l JOIN med_audit.entry e ON e.id = l.entry"
            " WHERE l.seq = ANY(%s) ORDER BY l.seq", [list(seqs)])
        entries = self.env.cr.fetchall()
        target = io.BytesIO()
        bundle.write(target, bundle.files(
            entries, note, store.proofs(log, [seq for seq, _body in entries], point.size),
            keys.public_keys(point.log), growth))
        return target.getvalue()
