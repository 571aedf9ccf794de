from odoo import fields, models


class MedExchangeProfileLine(models.Model):
    """One schema that systems of a kind send or hear."""

    _name = "med.exchange.profile.line"
    _description = "Right of a Kind of System"
    _order = "profile_id, direction, schema, id"

    profile_id = fields.Many2one("med.exchange.profile", required=True, index=True,
                                 ondelete="cascade")
    schema = fields.Char(
        required=True, help="Its name; one that no installed addon handles yet is passed over.")
    direction = fields.Selection([("in", "Sends"), ("out", "Hears")], required=True, default="in")
    conflict_policy = fields.Selection(
        [("theirs", "Their word counts"), ("ours", "Our word counts"),
         ("newest", "The newest counts"), ("ask", "A person decides")],
        required=True, default="ask")

    _once = models.Constraint("UNIQUE (profile_id, schema, direction)",
                              "The kind has this right already.")
