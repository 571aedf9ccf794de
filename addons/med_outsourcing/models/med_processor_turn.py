from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class MedProcessorTurn(models.Model):
    """Whose turn it is to say what was used of a lot that a processor has.

    What may still be used of a lot follows from all orders of its processor. Transactions read a
    snapshot: of two that begin together, each sees all of the lot free. Both write the row of that
    place and lot, so the later one waits for the earlier, collides with it and begins again.
    """

    _name = "med.processor.turn"
    _description = "Turn to Speak of a Lot at a Processor"
    _inherit = ["med.kept.row.mixin"]
    _order = "id"
    _rec_name = "lot_res_id"
    _log_access = False
    _med_refusals = {"create": _lt("Turns follow from reports of processors.")}

    # Plain numbers: a row says nothing of a lot, and keeps none from being merged or removed.
    place_res_id = fields.Integer("Place", required=True, readonly=True, aggregator=False)
    lot_res_id = fields.Integer("Lot or Serial", required=True, readonly=True, aggregator=False)
    turn = fields.Integer("Turns", required=True, readonly=True, aggregator=False)

    _place_lot_uniq = models.Constraint(
        "UNIQUE (place_res_id, lot_res_id)", "There is a row of this place and lot.")

    @api.model
    def _take(self, place, lots):
        """Let nobody else speak of these lots at a place until the transaction ends.

        :param place: id of the place
        :param lots: ids of lots
        :raise psycopg2.errors.SerializationFailure: somebody did since the transaction began; the
            request is repeated by Odoo, and then sees it
        """
        # In the order of their ids, so that no two wait for each other.
        self.env.execute_query(SQL(
            """
            INSERT INTO med_processor_turn AS known (place_res_id, lot_res_id, turn)
            SELECT %(place)s, lot, 1 FROM unnest(%(lots)s::int[]) AS lot ORDER BY lot
                ON CONFLICT (place_res_id, lot_res_id) DO UPDATE SET turn = known.turn + 1
            RETURNING id
            """, place=place, lots=sorted(set(lots))))
        self.invalidate_model(flush=False)
