from odoo import api, models
from odoo.addons.med_base.tools.evidence import canonical_json, digest
from odoo.tools import SQL

from ..exceptions import Problem
from ..tools import conflict
from ..tools.coming import moment
from ..tools.words import _lt, plain


class MedExchangeMessage(models.Model):
    """Whether a message is applied, where both sides have a word about the same thing."""

    _inherit = "med.exchange.message"

    @api.model
    def _both_sides(self, partner, handler, part):
        """Return what is known of the things, our records of them, and what those say now."""
        keys = [one.thing["id"] for one in part]
        if not keys:
            return {}, {}, {}
        known = self.env["med.exchange.object"]._known(partner, handler._schema, keys)
        mine = self.env[handler._model].browse(
            [row["res_id"] for row in known.values() if row["res_id"]]).exists()
        mine = {record.id: record for record in mine}
        records = {key: mine[row["res_id"]] for key, row in known.items() if row["res_id"] in mine}
        unknown = [key for key in keys if key not in known]
        if unknown:
            records |= {key: record for key, record
                        in handler._med_find(partner, unknown).items() if record}
        exports = {}
        if records:
            found = self.env[handler._model].browse({one.id for one in records.values()})
            told = handler._med_export(found)
            exports = {key: told[record.id] for key, record in records.items()}
        return known, records, exports

    @api.model
    def _note_seen(self, partner, handler, part, records, exports):
        """Note on messages whether they were built on what our record says now.

        They name a version of ours. It counts where the partner might hear of the record then,
        and where what we said by it is what the record says still.
        """
        rows = [(one, records[one.thing["id"]]) for one in part
                if one.seen and one.thing["id"] in records]
        if not rows:
            return
        said = {(record, version): digest for record, version, digest in self.env.execute_query(
            SQL("""
            SELECT e.res_id, e.version, substr(e.digest, 8)
              FROM unnest(%s::int[], %s::int[]) AS t (record, version)
              JOIN med_exchange_event e ON e.schema = %s AND e.model = %s
               AND e.res_id = t.record AND e.version = t.version
             WHERE e.body IS NOT NULL AND (e.known_to IS NULL OR %s = ANY(e.known_to))""",
                [record.id for _one, record in rows], [one.seen for one, _record in rows],
                handler._schema, handler._model, partner.id))}
        for one, record in rows:
            one.knew_ours = said.get((record.id, one.seen)) == digest_of(
                exports[one.thing["id"]])

    @api.model
    def _judge(self, partner, right, one, row, record, export, handler, foreign):
        """Return whether a message is to be applied; else write into it why not."""
        known = row["version"] if row else 0
        one.version_before = known
        if one.decided:
            return True
        archived = record is not None and self._is_archived_here(partner, handler, one, record)
        if export is None:
            changed = bool(row)  # ours is gone
        elif row:
            changed = archived or not one.knew_ours and row["digest"] != digest_of(export)
        else:
            changed = archived or not one.knew_ours and _differ(export, one.payload)
        crossed = row is not None and export is not None and conflict.has_crossed(
            row["told"], one.seen, moment(one.fields["time"])) and _differ(export, one.payload)
        policy = right.conflict_policy
        found = conflict.verdict(
            policy, known=known, version=one.version, base=one.base,
            met=record is not None, changed=changed,
            late=one.by_person or partner.order_rule == "apply", crossed=crossed,
            theirs_at=_iso(moment(one.fields.get("event_time") or one.fields["time"])),
            ours_at=_iso(record.write_date) if record and policy == "newest" else "")
        # Without versions nothing else says that what a person brings back is older.
        passed = (one.by_person and not one.thing.get("version")
                  and row and (row["message"] or 0) > one.row)
        if found == conflict.APPLY and not passed and not foreign:
            return True
        if record:
            one.model, one.record = record._name, record.id
        if foreign and found == conflict.APPLY:
            one.refuse(foreign, state="conflict")
            return False
        if found == conflict.APPLY:
            one.refuse(Problem("/object", plain(_lt(
                "A later message about “%s” has been applied since."), one.thing["id"])),
                state="conflict")
            return False
        if found == conflict.STALE:
            one.refuse(Problem("/object/version", plain(_lt(
                "Version %(version)s of “%(thing)s” does not follow version %(known)s, which is "
                "here."), version=one.version, thing=one.thing["id"], known=known)))
        elif found == conflict.OVERTAKEN:
            one.state = "overtaken"
        else:
            texts = self._why_parted(one, changed, known, row["told"][0] if crossed else 0)
            self._disagree(partner, one, found, texts, record, export, handler)
        return False

    @api.model
    def _why_parted(self, one, changed, known, told):
        """Return Problems that say how both sides came to differ.

        :param told: our version that they took after it was built; 0: none
        """
        texts = []
        if changed:
            texts.append(Problem("/object", plain(_lt(
                "“%s” was changed here as well since both sides last agreed."), one.thing["id"])))
        if known and one.base != known:
            texts.append(Problem("/object/base", plain(_lt(
                "It was built on version %(base)s; the last one that came here is %(known)s."),
                base=one.base, known=known)))
        if told and one.seen is not None:
            texts.append(Problem("/object/seen", plain(_lt(
                "It was built on our version %(seen)s; version %(told)s was taken since."),
                seen=one.seen, told=told)))
        elif told:
            texts.append(Problem("/time", plain(_lt(
                "It was made before our version %(told)s was taken. Say in “seen” on which "
                "version of ours it was built."), told=told)))
        return texts

    @api.model
    def _disagree(self, partner, one, found, texts, record, export, handler):
        """Let a person decide, or our word hold, as the rule says."""
        if found == conflict.ASK:
            one.refuse(*texts, state="conflict")
            return
        one.refuse(*texts, Problem("/object", plain(_lt(
            "By the rule agreed on, our word holds."))), state="ours")
        if record:
            self._keep_ours(partner, one, record, export, handler)

    @api.model
    def _keep_ours(self, partner, one, record, export, handler):
        """Let our word hold: their version is known, and they are told ours."""
        one.model, one.record = record._name, record.id
        self.env["med.exchange.object"]._agree(partner, handler._schema, [(
            one.thing["id"], one.version, digest_of(export), record._name, record.id,
            one.row)])
        handler._med_emit(record)


def digest_of(export):
    """Return the digest by which both sides know what a record said."""
    return digest(canonical_json(export))


def _differ(export, payload):
    return any(ours != theirs for _pointer, ours, theirs
               in conflict.differences(export, payload))


def _iso(time):
    return time.isoformat(timespec="seconds") if time else ""
