from odoo import fields, models


class MedExchangeEventObject(models.Model):
    """What was last told of a record, and how often: the version that others see.

    Its row is locked by the transaction that tells something new. Two transactions that tell of
    the same record follow each other therefore: the later one has seen what the first one wrote,
    or is run again.
    """

    _name = "med.exchange.event.object"
    _description = "Version of an Exchanged Object"
    _inherit = ["med.exchange.outbox.row"]
    _rec_name = "schema"
    _log_access = False

    schema = fields.Char(required=True)
    model = fields.Char(required=True)
    res_id = fields.Many2oneReference("Record", model_field="model", required=True)
    version = fields.Integer(required=True, aggregator=False)
    digest = fields.Char(required=True)

    _record_unique = models.Constraint("UNIQUE (schema, model, res_id)",
                                       "The record has its version already.")

    def init(self):
        # The transaction that wrote it: its number, and when it began, since a restored copy
        # counts its transactions anew.
        self.env.cr.execute("""
            ALTER TABLE med_exchange_event_object
                ADD COLUMN IF NOT EXISTS transaction xid8,
                ADD COLUMN IF NOT EXISTS transaction_began timestamptz""")
