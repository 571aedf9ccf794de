from odoo import fields, models


class MedLabel(models.Model):
    """One label of a job: of one serial, or the many equal labels of a lot.

    Written by the job alone; what it says is fixed when the job starts.
    """

    _name = 'med.label'
    _description = 'Label'
    _order = 'job_id desc, sequence, id'
    _rec_names_search = ['name', 'hri']

    job_id = fields.Many2one('med.label.job', required=True, ondelete='cascade', index=True)
    company_id = fields.Many2one(related='job_id.company_id', store=True, index=True)
    product_id = fields.Many2one(related='job_id.product_id', store=True, index=True)
    sequence = fields.Integer("Number", required=True)
    name = fields.Char("Lot/Serial", required=True, index='trigram')
    lot_id = fields.Many2one('stock.lot', "Lot", ondelete='restrict', index=True)
    lot_name = fields.Char("Lot on the Label")
    serial_name = fields.Char("Serial on the Label")
    expiry = fields.Date("Expiration Date")
    manufactured = fields.Date("Manufacturing Date")
    code = fields.Char(required=True, index=True)
    hri = fields.Char("Readable Code", required=True)
    copies = fields.Integer(default=1, required=True)
    digest = fields.Char("SHA-256 of the Image")
    decoded = fields.Char("Read Back", help="What the independent reader found on the image.")
    printed = fields.Integer("Printed", default=0, required=True)
    scanned = fields.Integer("Scans", default=0, required=True)
    due = fields.Integer("Scans to Do", default=0, required=True,
                         help="How often the roll in hand still has to show this label.")

    _sequence_uniq = models.UniqueIndex('(job_id, sequence)', "Labels of a job are numbered once.")
    _code_uniq = models.UniqueIndex('(job_id, code)', "A job prints each code on one label.")
