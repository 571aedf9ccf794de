from odoo import api, models


class MedAuditEntry(models.Model):
    _inherit = 'med.audit.entry'

    @api.model
    def _export_records(self, record):
        """Add to the trail of a lot that of its moves, their documents and its recorded parts.

        Only what the caller may read.
        """
        records = super()._export_records(record)
        if record._name != 'stock.lot':
            return records
        lines = self.env['stock.move.line'].sudo().search([('lot_id', '=', record.id)])
        orders = lines.move_id.production_id | lines.move_id.raw_material_production_id
        links = self.env['med.genealogy.link'].sudo().with_context(active_test=False).search([
            '|', ('input_lot_id', '=', record.id), ('output_lot_id', '=', record.id)])
        return records + [
            found.sudo(False)._filtered_access('read')
            for found in (lines, lines.move_id, lines.picking_id, orders, links)]

    @api.model
    def _event_labels(self):
        return {
            **super()._event_labels(),
            'import': self.env._("Imported"),
            'audit_read': self.env._("Read by an auditor"),
            'audit_search': self.env._("Searched by an auditor")}
