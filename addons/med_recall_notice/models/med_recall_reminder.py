from odoo import fields, models


class MedRecallReminder(models.Model):
    """After how many days whoever is silent is reminded, and how often, by the level."""

    _name = "med.recall.reminder"
    _description = "Reminders of a Recall"
    _order = "rank"
    _rec_name = "rank"

    rank = fields.Integer("Level", required=True, help="1 is the worst.")
    days = fields.Integer("Every So Many Days", required=True)
    times = fields.Integer("So Many Times", required=True,
                           help="Then the consignee is put on the list of those to be called.")
    active = fields.Boolean(default=True)

    _rank_uniq = models.UniqueIndex("(rank) WHERE active", "The level has its reminders.")
    _days_positive = models.Constraint("CHECK (days > 0 AND times >= 0)", "Count from one day.")
