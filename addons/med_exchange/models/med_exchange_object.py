from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedExchangeObject(models.Model):
    """A thing that a partner and we both know, as both last agreed on it."""

    _name = "med.exchange.object"
    _description = "Object Shared with an Exchange Partner"
    _inherit = ["med.exchange.inbox.row"]
    _order = "exchange_partner_id, schema, name"
    _med_refusals = {
        "create": _lt("Objects are known by messages alone."),
        "write": _lt("What both sides agree on is changed by messages alone."),
        "unlink": _lt("Objects are kept."),
    }

    exchange_partner_id = fields.Many2one("med.exchange.partner", "Partner", required=True,
                                          index=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    schema = fields.Char(required=True, readonly=True)
    name = fields.Char("Object", required=True, readonly=True, help="The partner's code of it.")
    version = fields.Integer("Their Version", required=True, readonly=True, aggregator=False)
    digest = fields.Char(readonly=True, help="Of what the record said when both sides agreed.")
    told_version = fields.Integer(
        "Our Version They Took", readonly=True, aggregator=False,
        help="The last version of ours that the partner has taken.")
    told_at = fields.Datetime("Taken", readonly=True)
    res_model = fields.Char("Kind of Record", readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True, index=True)
    message_id = fields.Many2one("med.exchange.message", "Last Message", readonly=True,
                                 index="btree_not_null", ondelete="restrict")

    _name_uniq = models.Constraint("UNIQUE (exchange_partner_id, schema, name)",
                                   "The partner has this object.")

    @api.model
    def _known(self, partner, schema, names):
        """Return what is known, locked: ``{name: {"version", "digest", "res_id", "message",
        "told" (our version that they took last, and when)}}``."""
        return {name: {"version": version, "digest": digest, "res_id": res_id, "message": message,
                       "told": (told, told_at)}
                for name, version, digest, res_id, message, told, told_at
                in self.env.execute_query(SQL("""
                    SELECT name, version, digest, res_id, message_id, told_version, told_at
                      FROM med_exchange_object
                     WHERE exchange_partner_id = %s AND schema = %s AND name = ANY(%s)
                  ORDER BY id FOR UPDATE""", partner.id, schema, list(names)))}

    @api.model
    def _agree(self, partner, schema, rows):
        """Write on what both sides agree now.

        :param rows: ``[(name, version, digest, model, record id, message id)]``
        """
        if not rows:
            return
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.env.execute_query(SQL("""
            INSERT INTO med_exchange_object
                   (exchange_partner_id, company_id, schema, name, version, digest, res_model,
                    res_id, message_id, create_uid, write_uid, create_date, write_date)
            SELECT %(partner)s, %(company)s, %(schema)s, v.name, v.version, v.digest, v.model,
                   v.res_id, v.message, %(uid)s, %(uid)s, %(now)s, %(now)s
              FROM unnest(%(names)s::text[], %(versions)s::int[], %(digests)s::text[],
                          %(models)s::text[], %(records)s::int[], %(messages)s::int[])
                AS v(name, version, digest, model, res_id, message)
       ON CONFLICT (exchange_partner_id, schema, name) DO UPDATE
               SET version = excluded.version, digest = excluded.digest,
                   res_model = excluded.res_model, res_id = excluded.res_id,
                   message_id = excluded.message_id, write_uid = excluded.write_uid,
                   write_date = excluded.write_date
         RETURNING id""", partner=partner.id, company=partner.company_id.id, schema=schema,
            uid=self.env.uid, now=self.env.cr.now(), names=columns[0], versions=columns[1],
            digests=columns[2], models=columns[3], records=columns[4], messages=columns[5]))
        self.invalidate_model()
