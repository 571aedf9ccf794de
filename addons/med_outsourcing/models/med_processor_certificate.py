from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

KINDS = [("licence", "Production Licence"), ("iso13485", "ISO 13485"), ("iso9001", "ISO 9001"),
         ("iso11135", "ISO 11135"), ("iso11137", "ISO 11137"), ("other", "Other")]

FILED = {"kind", "number", "date_from", "date_to"}
UNBOUND = ("draft", "ended")
"""States of a file in which what it needs is not approved by anybody."""


class MedProcessorCertificate(models.Model):
    """A certificate or licence of a processor, and how long it holds.

    Of each kind that is needed one has to be valid; a renewal is a row of its own. Of the kind
    “other” each one stands for itself, and a renewal says which one it renews. A need is taken off
    while the file is a draft alone: it is approved anew then.
    """

    _name = "med.processor.certificate"
    _description = "Certificate of a Processor"
    _inherit = ["med.processor.due.mixin"]
    _order = "processor_id, date_to desc, id"
    _rec_name = "number"
    _med_due_field = "date_to"

    processor_id = fields.Many2one(
        "med.processor", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="processor_id.company_id", store=True, index=True)
    kind = fields.Selection(KINDS, required=True, default="iso13485")
    number = fields.Char(required=True)
    issuer = fields.Char("Issued By")
    date_from = fields.Date("Valid From", required=True)
    date_to = fields.Date("Valid Until", required=True)
    needed = fields.Boolean(
        "Needed", default=True, help="No order goes to the processor when it has expired.")
    renews_id = fields.Many2one(
        "med.processor.certificate", "Renews", index="btree_not_null", ondelete="restrict",
        domain="[('processor_id', '=', processor_id), ('kind', '=', kind)]",
        help="Of the kind “Other”: the certificate whose place this one takes.")
    renewal_ids = fields.One2many("med.processor.certificate", "renews_id", "Renewed By")
    scan = fields.Binary("Scan", attachment=True)
    scan_name = fields.Char("Name of the Scan")
    active = fields.Boolean(default=True)

    _dates = models.Constraint(
        "CHECK (date_from <= date_to)", "A certificate ends after it begins.")

    @api.constrains("renews_id", "kind", "processor_id", "needed", "active")
    def _check_renews(self):
        for one in self.sudo().filtered("renews_id"):
            before = one.renews_id
            if (before.processor_id, before.kind) != (one.processor_id, one.kind):
                raise ValidationError(self.env._(
                    "%(number)s renews a certificate of the same processor and kind.",
                    number=one.number))
            if one._has_cycle("renews_id"):
                raise ValidationError(self.env._(
                    "%(number)s cannot renew itself.", number=one.number))
        for one in self.sudo() | self.sudo().renewal_ids:
            if one.active and one.renews_id.needed and not one.needed:
                raise ValidationError(self.env._(
                    "%(number)s renews a certificate that is needed, so it is needed itself.",
                    number=one.number))

    def write(self, vals):
        if "processor_id" in vals and any(
                one.processor_id.id != vals["processor_id"] for one in self):
            raise UserError(self.env._("A certificate stays with its processor."))
        self._med_check_need(vals)
        if any(one[name] and one._fields[name].convert_to_cache(vals[name], one) != one[name]
               for one in self.sudo() for name in FILED & vals.keys()):
            raise UserError(self.env._(
                "A certificate stays as it was filed: file the right one as another one, and "
                "archive this one."))
        if "scan" in vals and any(one.scan for one in self.sudo()):
            raise UserError(self.env._(
                "The scan of a certificate stays: file the new certificate as another one."))
        return super().write(vals)

    def _med_check_need(self, vals):
        """Refuse to take off a need that was there when the file was approved."""
        bound = self.sudo().filtered(
            lambda one: one.needed and one.processor_id.state not in UNBOUND)
        if "needed" in vals and not vals["needed"] and bound:
            raise UserError(self.env._(
                "%(number)s is needed: revise the file of “%(name)s”, say there that it is not, "
                "and have the file approved anew.", number=bound[0].number,
                name=bound[0].processor_id.display_name))
        lone = bound.filtered(lambda one: one.kind == "other" and not one._med_renewed())
        if "active" in vals and not vals["active"] and lone:
            raise UserError(self.env._(
                "%(number)s is needed: file the one that renews it, or revise the file of "
                "“%(name)s” and have it approved anew without.", number=lone[0].number,
                name=lone[0].processor_id.display_name))
        if "renews_id" in vals and any(
                one.renews_id.id != vals["renews_id"] for one in self.sudo()):
            raise UserError(self.env._(
                "What a certificate renews is said when it is filed: file it as another one."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Certificates are not deleted: archive them."))

    def _med_valid(self, day):
        """Return whether it holds on a day."""
        return bool(self.date_from and self.date_to and self.date_from <= day <= self.date_to)

    def _med_renewed(self):
        """Return whether a later one of its kind, or one that says so, has taken its place."""
        if self.kind == "other":
            return bool(self.renewal_ids.filtered("active"))
        return any(other.date_to > self.date_to for other in self.processor_id.certificate_ids
                   if other.kind == self.kind)

    def _med_before_holds(self, day):
        """Return whether what it renews still holds: it is filed ahead of time."""
        before = self.renews_id
        return bool(before) and (
            before.active and before._med_valid(day) or before._med_before_holds(day))

    def _med_due_open(self):
        """Only what is needed, and has no later one of its kind, is to be renewed."""
        return self.filtered(lambda one: one.active and one.processor_id.state != "ended" and (
            one.needed or one.kind in one.processor_id.scope_ids.certificate_kind_ids.mapped(
                "code")) and not one._med_renewed())

    def _med_due_text(self, left):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._("Certificate %(number)s (%(kind)s)", number=self.number,
                          kind=labels[self.kind])

    def _med_due_processor(self):
        return self.processor_id
