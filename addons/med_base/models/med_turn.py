from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class MedTurn(models.Model):
    """Whose turn it is to decide on a thing that others may decide on at the same moment.

    Transactions read a snapshot: of two that begin together, neither sees what the other does, and
    no index of Odoo's keeps two lots of a product and name apart, or counts what is left of one.
    Both write the row of that thing, so the later one waits for the earlier, collides with it and
    begins again.
    """

    _name = "med.turn"
    _description = "Turn to Decide on a Thing"
    _order = "id"
    _rec_name = "thing"
    _log_access = False

    # Plain texts: a row says nothing of a record, and keeps none from being merged or removed.
    scope = fields.Char(required=True, readonly=True, help="What kind of things, and of whom.")
    thing = fields.Char(required=True, readonly=True, help="What there may be one word about.")
    turn = fields.Integer("Turns", required=True, readonly=True, aggregator=False)

    _thing_uniq = models.Constraint("UNIQUE (scope, thing)", "There is a row of this thing.")

    @api.model
    def _take(self, scope, things):
        """Let nobody else decide on these things until the transaction ends.

        Take them before looking how they stand.

        :param str scope: what kind of things, and of whom
        :param things: texts or numbers that tell them apart within it
        :raise psycopg2.errors.SerializationFailure: somebody did since the transaction began; the
            call is repeated by Odoo, and then sees what the other has done
        """
        # In one order, so that no two wait for each other.
        self.env.execute_query(SQL(
            """
            INSERT INTO med_turn AS known (scope, thing, turn)
            SELECT %(scope)s, thing, 1
              FROM unnest(%(things)s::text[]) AS thing ORDER BY thing COLLATE "C"
                ON CONFLICT (scope, thing) DO UPDATE SET turn = known.turn + 1
         RETURNING id
            """, scope=scope, things=sorted({str(one) for one in things})))
        self.invalidate_model(flush=False)

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()

    def write(self, vals):
        self._refuse()

    def unlink(self):
        # Not @api.ondelete: a caller could skip it with the context key of an uninstallation.
        self._refuse()

    def _refuse(self):
        raise AccessError(self.env._("Turns follow from what is decided."))
