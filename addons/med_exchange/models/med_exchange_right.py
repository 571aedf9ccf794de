import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class MedExchangeRight(models.Model):
    """What one partner may send or hear: a schema, a direction, and how far."""

    _name = "med.exchange.right"
    _description = "Right of an Exchange Partner"
    _order = "exchange_partner_id, direction, schema, id"

    exchange_partner_id = fields.Many2one("med.exchange.partner", "Partner", required=True,
                                          index=True, ondelete="cascade")
    company_id = fields.Many2one(related="exchange_partner_id.company_id", store=True, index=True)
    active = fields.Boolean(default=True)
    schema = fields.Selection("_selection_schema", required=True)
    direction = fields.Selection([("in", "Sends"), ("out", "Hears")], required=True, default="in")
    conflict_policy = fields.Selection(
        [("theirs", "Their word counts"), ("ours", "Our word counts"),
         ("newest", "The newest counts"), ("ask", "A person decides")],
        required=True, default="ask",
        help="When both sides have changed the same thing since they last agreed.")
    domain = fields.Char("Only Records", default="[]",
                         help="Which records the partner hears of; [] for all of its company.")

    _once = models.Constraint("UNIQUE (exchange_partner_id, schema, direction)",
                              "The partner has this right already.")

    @api.model
    def _selection_schema(self):
        """Those that something here handles."""
        return [(name, name) for name in sorted(self.env["med.exchange.handler"]._med_handlers())]

    @api.constrains("schema", "domain")
    def _check_domain(self):
        known = self.env["med.exchange.handler"]._med_handlers()
        for right in self:
            if right.schema not in known:
                raise ValidationError(self.env._(
                    "Nothing here handles “%(schema)s”. There are: %(known)s.",
                    schema=right.schema, known=", ".join(sorted(known))))
            try:
                right._med_domain()
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(self.env._(
                    "“%(domain)s” is no filter of %(schema)s: %(error)s", domain=right.domain,
                    schema=right.schema, error=error)) from error

    def _med_domain(self):
        """Return the filter as a Domain that the handler's model understands."""
        self.ensure_one()
        model = self.env[self.env["med.exchange.handler"]._med_handlers()[self.schema]]._model
        domain = Domain(ast.literal_eval(self.domain or "[]"))
        domain.validate(self.env[model].sudo())
        return domain

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        told = self._med_told()
        done = super().write(vals)
        self._med_withdrawn(told)
        return done

    def unlink(self):
        self.env.registry.clear_cache()
        told = self._med_told()
        done = super().unlink()
        self._med_withdrawn(told)
        return done

    def _med_told(self):
        """Return ``{(partner, schema)}`` that these rights let hear."""
        return {(right.exchange_partner_id, right.schema) for right in self.sudo()
                if right.active and right.direction == "out"}

    def _med_withdrawn(self, told):
        """Set aside what still waits of schemas that a partner hears of no more.

        :param told: :meth:`_med_told` before
        """
        lost = [(partner.id, schema) for partner, schema in told
                if schema not in partner._med_told_schemas()]
        if not lost:
            return
        self.env.flush_all()
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_delivery d
               SET state = 'aside', aside_for = 'right', hollow = true
              FROM unnest(%s::int[], %s::varchar[]) AS t (partner, schema)
             WHERE d.exchange_partner_id = t.partner AND d.schema = t.schema
               AND d.state = 'queued'""", *map(list, zip(*lost, strict=True))))
        self.env["med.exchange.delivery"].invalidate_model()
