from odoo import fields, models
from odoo.exceptions import UserError


class MedExchangePartner(models.Model):
    """The rights of a new partner begin with those of its kind of system."""

    _inherit = "med.exchange.partner"

    profile_id = fields.Many2one("med.exchange.profile", "Kind of System", index="btree_not_null",
                                 ondelete="restrict",
                                 help="What such systems send and hear, to begin with.")

    def add_rights(self):
        """Give partners the rights of their kind of system that they do not have yet.

        A right that was archived stays so, and none that is there is changed.

        :return: ``{"version", "added": [[partner id, schema, "in" or "out"], …],
            "passed_over": [schema, …]}``; passed over: no installed addon handles it
        """
        self.check_access("write")
        if bare := self.filtered(lambda one: not one.profile_id):
            raise UserError(self.env._("Say first what kind of system it is: %s.",
                                       ", ".join(bare.mapped("display_name"))))
        known = self.env["med.exchange.handler"]._med_handlers()
        rights = self.env["med.exchange.right"]
        has = {(one.exchange_partner_id.id, one.schema, one.direction)
               for one in rights.with_context(active_test=False).search(
                   [("exchange_partner_id", "in", self.ids)])}
        wanted = [(partner, line) for partner in self for line in partner.profile_id.line_ids]
        added = rights.create([
            {"exchange_partner_id": partner.id, "schema": line.schema,
             "direction": line.direction, "conflict_policy": line.conflict_policy}
            for partner, line in wanted if line.schema in known
            and (partner.id, line.schema, line.direction) not in has])
        return {"version": 1,
                "added": [[one.exchange_partner_id.id, one.schema, one.direction]
                          for one in added],
                "passed_over": sorted({line.schema for _partner, line in wanted} - known.keys())}

    def action_add_rights(self):
        """Give the rights of the kind of system; say what came of it."""
        done = self.add_rights()
        text = self.env._("%s rights are added: look at each before you activate the partner.",
                          len(done["added"]))
        if done["passed_over"]:
            text += " " + self.env._("Not handled by what is installed here: %s.",
                                     ", ".join(done["passed_over"]))
        return {"type": "ir.actions.client", "tag": "display_notification",
                "params": {"message": text, "type": "success" if done["added"] else "info",
                           "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}
