from odoo import fields, models


class MedGenealogyLink(models.Model):
    """A part that somebody recorded into a unit: an exact edge.

    Written through `mrp.production.med_record_parts` and its kin, before or after the order is
    posted; it takes effect when the order's event exists. A removed record is superseded.
    """

    _name = 'med.genealogy.link'
    _description = 'Recorded Part'
    _order = 'id'

    production_id = fields.Many2one('mrp.production', required=True, readonly=True, index=True,
                                    ondelete='cascade')
    event_id = fields.Many2one('med.genealogy.event', readonly=True, index='btree_not_null',
                               ondelete='set null')
    input_lot_id = fields.Many2one('stock.lot', "Part", required=True, readonly=True,
                                   ondelete='restrict')
    output_lot_id = fields.Many2one('stock.lot', "Device Unit", required=True, readonly=True,
                                    ondelete='restrict')
    quantity = fields.Float(digits=(20, 6), readonly=True, required=True)
    source = fields.Selection(
        [('scan', "Scanned"), ('rpc', "Another program"), ('rule', "Assigned in sequence")],
        required=True, readonly=True)
    user_id = fields.Many2one('res.users', "Recorded By", required=True, readonly=True)
    active = fields.Boolean("In Force", default=True, readonly=True)
    superseded_date = fields.Datetime(readonly=True)
    superseded_uid = fields.Many2one('res.users', "Superseded By", readonly=True)
    superseded_reason = fields.Char(readonly=True)

    _pair_unique = models.UniqueIndex(
        '(production_id, output_lot_id, input_lot_id) WHERE active',
        "This part is already recorded in this unit.")
    _forward = models.Index("(input_lot_id) WHERE active AND event_id IS NOT NULL")
    _backward = models.Index("(output_lot_id) WHERE active AND event_id IS NOT NULL")
