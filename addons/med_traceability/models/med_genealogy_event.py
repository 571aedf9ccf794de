from odoo import fields, models

KINDS = [
    ('receipt', "Receipt"),
    ('return', "Return from a consignee"),
    ('delivery', "Delivery"),
    ('vendor_return', "Return to a supplier"),
    ('transfer', "Transfer between companies"),
    ('scrap', "Scrap"),
    ('adjustment', "Inventory adjustment"),
    ('manufacture', "Manufacture"),
    ('subcontract', "Outsourced processing"),
    ('unbuild', "Unbuild"),
    ('repair', "Repair: part fitted"),
    ('removal', "Repair: part removed"),
    ('repack', "Repack"),
    ('relabel', "Relabel"),
    ('split', "Split"),
    ('merge', "Merge"),
    ('production', "Consumption or production without an order"),
]


class MedGenealogyEvent(models.Model):
    """A posting: what went in, what came out, when, where and by whom.

    Written by `med.genealogy` when Odoo posts the document, never by a person. One event stands
    for one document and kind (ISO 13485, 7.5.9; REQUIREMENTS TRC-1).
    """

    _name = 'med.genealogy.event'
    _description = 'Genealogy Event'
    _order = 'date desc, id desc'

    name = fields.Char("Document", required=True, readonly=True, index='trigram')
    kind = fields.Selection(KINDS, required=True, readonly=True)
    date = fields.Datetime("Event Time", required=True, readonly=True, index=True)
    company_id = fields.Many2one('res.company', readonly=True, index=True)
    res_model = fields.Char("Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Document ID", model_field='res_model', required=True, readonly=True)
    partner_id = fields.Many2one(
        'res.partner', "Supplier, Processor or Consignee", readonly=True, index='btree_not_null')
    reason = fields.Char(readonly=True)
    operator_ids = fields.Many2many(
        'res.users', 'med_genealogy_event_operator_rel', 'event_id', 'user_id', "Operators",
        readonly=True)
    workcenter_ids = fields.Many2many(
        'mrp.workcenter', 'med_genealogy_event_workcenter_rel', 'event_id', 'workcenter_id',
        "Work Centers", readonly=True)
    line_ids = fields.One2many('med.genealogy.line', 'event_id', "Lots In and Out", readonly=True)
    link_ids = fields.One2many('med.genealogy.link', 'event_id', "Recorded Parts", readonly=True)

    _document_unique = models.UniqueIndex(
        '(res_model, res_id, kind)', "A document has one genealogy event of each kind.")

    def action_open_document(self):
        """Open the document that this event was posted by."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': self.res_model,
            'res_id': self.res_id,
            'views': [(False, 'form')],
        }
