from odoo import models


class MedDeviation(models.Model):
    """Permission to depart from a requirement, within a box of time, quantity, products and lots.

    (ISO 13485, 8.3.2; ISO 9000, 3.12.5 and 3.12.6.)
    """

    _name = "med.deviation"
    _description = "Deviation or Concession"
