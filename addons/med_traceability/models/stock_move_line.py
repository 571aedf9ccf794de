from collections import defaultdict

from odoo import api, models
from odoo.fields import Command


class StockMoveLine(models.Model):
    _inherit = 'stock.move.line'

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == 'done')._med_check_use(posted=True)
        self.env['med.genealogy']._post(lines.filtered(lambda line: line.state == 'done'))
        return lines

    def write(self, vals):
        if vals.keys() == {'consume_line_ids'}:
            for lines, commands in self._med_exact_consumption(vals['consume_line_ids']):
                super(StockMoveLine, lines).write({'consume_line_ids': commands})
            return True
        res = super().write(vals)
        if vals.keys() & self._med_genealogy_fields():
            done = self.filtered(lambda line: line.state == 'done')
            done._med_check_use(posted=True)
            self.env['med.genealogy']._post(done, edited=True)
        return res

    def _med_genealogy_fields(self):
        """Return the fields whose change after posting supersedes a genealogy line."""
        return {'quantity', 'product_uom_id', 'lot_id', 'location_id', 'location_dest_id',
                'product_id'}

    def _med_exact_consumption(self, commands):
        """Split core's all-to-all links into what is known of each finished line.

        Core links every finished line of an order to all lines consumed in the posting
        (odoo/odoo#234971). Where parts were recorded, a line keeps those of its own unit, and of
        the products nobody recorded for it the lots that no other unit has in full.

        :param commands: the x2many commands core writes on all of `self`
        :return: list of ``(lines, commands)``
        """
        order = self.move_id.production_id
        if len(order) != 1 or len(commands) != 1 or commands[0][0] != Command.SET:
            return [(self, commands)]
        parts = order._med_parts_by_unit()
        if not parts:
            return [(self, commands)]
        spent = order._med_spent_lots()
        consumed, free = defaultdict(list), []
        for line in self.browse(commands[0][2]):
            consumed[line.lot_id.id].append(line.id)
            if line.lot_id.id not in spent:
                free.append((line.id, line.product_id.id))
        res = []
        for line in self:
            own = parts.get(line.lot_id.id, {})
            recorded = set(own.values())
            keep = [used for lot in own for used in consumed[lot]]
            keep += [used for used, product in free if product not in recorded]
            res.append((line, [Command.set(keep)]))
        return res
