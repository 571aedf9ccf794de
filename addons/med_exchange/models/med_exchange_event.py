from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache

from ..tools.searching import trigrams

PENDING = "med.exchange.event"  # key of what a cursor will tell before it commits


class MedExchangeEvent(models.Model):
    """That a record is so now: one row a record and transaction, written in that transaction.

    Events are dealt to the lines of the partners who may know (:meth:`_med_deal`).
    """

    _name = "med.exchange.event"
    _description = "Event for Partners"
    _inherit = ["med.exchange.outbox.row"]
    _order = "id desc"
    _rec_name = "object_id"
    _log_access = False

    schema = fields.Char(required=True, readonly=True)
    model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="model", required=True, readonly=True)
    object_id = fields.Char("Object", required=True, readonly=True,
                            help="The code by which others know the record.")
    version = fields.Integer(required=True, readonly=True, aggregator=False)
    company_id = fields.Many2one("res.company", index=True, readonly=True, ondelete="restrict",
                                 help="Empty: the record belongs to every company.")
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="restrict")
    event_time = fields.Datetime("Happened", required=True, readonly=True)
    body = fields.Text(readonly=True, help="What was true when the transaction ended.")
    digest = fields.Char(readonly=True)
    origin_partner_id = fields.Many2one(
        "med.exchange.partner", "Came From", readonly=True, ondelete="restrict",
        help="The partner whose message made it so.")
    origin_message = fields.Integer("Message", readonly=True, aggregator=False)
    state = fields.Selection(
        [("new", "New"), ("dealt", "Dealt"), ("broken", "Cannot Be Told")],
        required=True, readonly=True)
    problem = fields.Text("Why It Cannot Be Told", readonly=True)
    dealt_at = fields.Datetime("Dealt", readonly=True)
    alarmed = fields.Boolean(readonly=True, help="A person was told that it cannot be told.")
    delivery_ids = fields.One2many("med.exchange.delivery", "event_id", "Deliveries")

    _version_unique = models.Constraint("UNIQUE (schema, model, res_id, version)",
                                        "This version was told already.")
    _new_index = models.Index("(id) WHERE state = 'new'")
    _broken_index = models.Index("(id) WHERE state = 'broken'")
    _object_index = models.Index("(object_id)")
    _named_index = models.Index(trigrams("object_id || ' ' || coalesce(body, '')"))

    def init(self):
        # Ties the event to the entries of the audit trail that the same transaction wrote.
        self.env.cr.execute("""
            ALTER TABLE med_exchange_event
                ADD COLUMN IF NOT EXISTS transaction xid8 DEFAULT pg_current_xact_id()""")
        # The partners that might hear of the record as the body says it was; empty: not judged.
        self.env.cr.execute("""
            ALTER TABLE med_exchange_event ADD COLUMN IF NOT EXISTS known_to integer[]""")

    # ------------------------------------------------------------------ told by the business

    @api.model
    def _med_emit(self, schema, records, origin_message=None):
        """Tell partners that the state of these records is now so, if the transaction is kept.

        Several calls for one record in one transaction make one event. Its body is made when the
        transaction is flushed, at the latest before it commits; who changes a record after that
        calls again. Nothing is written while no partner hears of the schema, and nothing when the
        body is the one that was told before.

        :param origin_message: row of the message that made it so, when a partner's did
        """
        if not records or schema not in self._med_heard():
            return
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = {}
            precommit.add(self._med_write_pending)
        origin = origin_message.id if origin_message else 0
        pending = precommit.data[PENDING].setdefault(schema, {})
        for res_id in records.ids:
            pending.setdefault(res_id, set()).add(origin)

    @api.model
    def _med_emit_again(self, schema, records):
        """Tell partners what these records say, also where that was told before."""
        self._med_forget_told(schema, records)
        self._med_emit(schema, records)

    @api.model
    def _med_forget_told(self, schema, records):
        """Let the next event of these records be a new one, also where it was told before."""
        self.env.cr.execute(SQL("""
            UPDATE med_exchange_event_object SET digest = '!'
             WHERE schema = %s AND model = %s AND res_id = ANY(%s)""",
            schema, records._name, records.ids))

    @api.model
    @ormcache()
    def _med_heard(self):
        """Return ``{schema: [ids of partners]}`` of who hears what, suspended partners too."""
        rights = self.env["med.exchange.right"].sudo().with_context({}).search([
            ("direction", "=", "out"), ("exchange_partner_id.active", "=", True),
            ("exchange_partner_id.state", "!=", "draft")])
        return {schema: some.exchange_partner_id.ids
                for schema, some in rights.grouped("schema").items()}

    # ------------------------------------------------------------------ steps of a person

    def tell_again(self):
        """Tell the present state of the records whose event could not be told.

        :return: ``{"version", "told"}``
        """
        self.check_access("read")
        self.env["med.exchange.line"]._med_check_staff()
        broken = self.filtered(lambda one: one.state == "broken")
        if len(broken) != len(self):
            raise UserError(self.env._("Only what could not be told is told again."))
        for (schema, model), some in broken.grouped(lambda one: (one.schema, one.model)).items():
            self._med_forget(some)
            self._med_emit(schema, self.env[model].sudo().browse(some.mapped("res_id")).exists())
        return {"version": 1, "told": len(broken)}

    def action_tell_again(self):
        self.tell_again()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_record(self):
        """Open the record that the event speaks of."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self.model, "res_id": self.res_id,
                "view_mode": "form"}
