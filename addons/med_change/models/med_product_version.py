from collections import Counter

from odoo import api, fields, models
from odoo.addons.med_signature.tools import canonical
from odoo.addons.med_signature.tools.permit import permit, take
from odoo.exceptions import AccessError, UserError

from ..tools.version_diff import begins, differences
from .med_change_guard import GUARDED

FORM = "med-version/1"


class MedProductVersion(models.Model):
    """What a product was made of, how, and by which plans, data and labels; never changed.

    ``content`` holds plain values; other records stand in it as ``model:id``, and ``names`` says
    how they were called, so that a later renaming is no difference.
    """

    _name = "med.product.version"
    _description = "Version of a Product"
    _order = "product_tmpl_id, number desc"

    product_tmpl_id = fields.Many2one(
        "product.template", "Product", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="product_tmpl_id.company_id", store=True, index=True)
    number = fields.Integer("Version", required=True, aggregator=False)
    change_id = fields.Many2one("med.change", "Change", index="btree_not_null",
                                ondelete="restrict")
    effective_from = fields.Datetime(required=True)
    effective_lot = fields.Char("From Lot or Serial")
    content = fields.Json(required=True)
    names = fields.Json(required=True)
    digest = fields.Char(required=True, help="SHA-256 of the canonical form of the content.")
    bom_ids = fields.Many2many("mrp.bom", string="Bills of Materials",
                               context={"active_test": False})
    difference_text = fields.Text("Differences", compute="_compute_difference_text")
    content_text = fields.Text("Holds", compute="_compute_difference_text")
    lot_count = fields.Integer("Lots", compute="_compute_lot_count")

    _number_uniq = models.Constraint(
        "UNIQUE (product_tmpl_id, number)", "There is this version already.")

    @api.depends("product_tmpl_id", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(product)s, version %(number)s",
                product=version.product_tmpl_id.display_name, number=version.number)

    @api.depends("content", "product_tmpl_id.med_version_ids")
    @api.depends_context("lang")
    def _compute_difference_text(self):
        words = self._med_words()
        for version in self:
            before = version.product_tmpl_id.sudo().med_version_ids.filtered(
                lambda one, it=version: one.number == it.number - 1)
            names = {**words, **(before.names or {}), **(version.names or {})}
            version.content_text = "\n".join(_sentences(
                differences({}, version.content or {}), names))
            version.difference_text = "\n".join(_sentences(
                differences(before.content or {}, version.content or {}), names)) if (
                    before) else ""

    @api.model
    def _med_words(self):
        """Return the keys of a content in the reader's words."""
        _ = self.env._
        devices = self.env["med.udi.di"].sudo().fields_get(attributes=["string"])
        return {
            **{name: found["string"] for name, found in devices.items()},
            "product": _("Product"), "bom": _("Bill of Materials"), "plan": _("Inspection Plan"),
            "udi": _("UDI Data"), "label": _("Labels"), "line": _("Component"),
            "byproduct": _("By-product"), "operation": _("Operation"),
            "quantity": _("Quantity"), "unit": _("Unit"), "kind": _("Kind"),
            "company": _("Company"), "consumption": _("Consumption"),
            "variants": _("Variants"), "tracking": _("Tracking"),
            "expiration": _("Days to Expiration"), "controlled": _("Controlled"),
            "storage": _("Storage and Handling"), "sizes": _("Clinically Relevant Sizes"),
            "work center": _("Work Center"), "minutes": _("Minutes"),
            "normal": _("Manufacture"), "phantom": _("Kit"), "True": _("Yes"), "False": _("No"),
        }

    def _compute_lot_count(self):
        counts = dict(self.env["stock.lot"].sudo()._read_group(
            [("med_version_id", "in", self.ids)], ["med_version_id"], ["__count"]))
        for version in self:
            version.lot_count = counts.get(version, 0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not take(self._name, (), vals.get("digest")):
                raise AccessError(self.env._("Versions follow from design transfer and changes."))
        return super().create(vals_list)

    def write(self, vals):
        raise UserError(self.env._("A version is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Versions are kept."))

    def action_lots(self):
        """Open the lots that were made to this version."""
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": "stock.lot",
                "view_mode": "list,form", "name": self.env._("Lots"),
                "domain": [("med_version_id", "in", self.ids)]}

    # ------------------------------------------------------------------ how they come about

    @api.model
    def _med_take(self, products, change=None):
        """Write the version that each of these products is now; none where nothing differs.

        :param change: the ``med.change`` that made it so
        :return: the new versions
        """
        made = self.sudo().browse()
        for product in products.sudo():
            last = product.med_version_ids.sorted("number")[-1:]
            content, names, boms = self._med_content_of(product)
            if last and last.content == content and change:
                continue
            digest = canonical.digest(canonical.canonical(
                {"form": FORM, "content": content, "names": names}))
            with permit(self._name, (), digest):
                made |= self.sudo().create({
                    "product_tmpl_id": product.id, "number": (last.number or 0) + 1,
                    "change_id": change.id if change else False,
                    "effective_from": fields.Datetime.now(),
                    "effective_lot": change.effective_lot if change and (
                        change.effective_kind == "lot") else False,
                    "content": content, "names": names, "digest": digest,
                    "bom_ids": [fields.Command.set(boms.ids)]})
        return made

    def _med_says_now(self):
        """Return whether the product is now as this version says."""
        return not self or self._med_content_of(self.product_tmpl_id.sudo())[0] == self.content

    @api.model
    def _med_content_of(self, product):
        """Return what a product is now: content, names and bills of materials in force."""
        names = {}

        def ref(record):
            if not record:
                return ""
            key = f"{record._name}:{record.id}"
            names[key] = record.display_name
            return key

        boms = self.env["mrp.bom"].sudo().search(
            [("product_tmpl_id", "=", product.id), ("active", "=", True)], order="sequence, id")
        devices = product.with_context(active_test=False).product_variant_ids.med_di_ids.filtered(
            lambda one: one.state == "active").sorted("name")
        content = {
            "product": {"tracking": product.tracking or "", "unit": ref(product.uom_id),
                        "expiration": str(product.expiration_time or 0)
                        if product.use_expiration_date else "",
                        "controlled": str(bool(product.med_controlled))},
            "bom": dict(_numbered((ref(bom.product_id) or bom.type, self._med_bom_content(
                bom, ref)) for bom in boms)),
            "plan": {plan.code: str(plan.version) for plan in self._med_plans_of(product, boms)},
            "udi": {di.name: {
                **{name: _text(di, name, ref) for name in _data(di)},
                "storage": ", ".join(di.storage_ids.mapped("display_name")),
                "sizes": ", ".join(di.size_ids.mapped("display_name"))} for di in devices},
            "label": dict(_numbered((label.name, str(label.version))
                                    for label in self._med_labels_of(devices))),
        }
        return content, names, boms

    @api.model
    def _med_bom_content(self, bom, ref):
        def rows(lines):
            return dict(_numbered((ref(line.product_id), {
                "quantity": canonical.decimal_text(line.product_qty),
                "unit": ref(line.product_uom_id), "operation": line.operation_id.name or "",
                "variants": ", ".join(line.bom_product_template_attribute_value_ids.mapped(
                    "display_name"))}) for line in lines.sorted(
                        lambda one: (one.product_id.id, one.product_qty, one.id))))

        return {
            "quantity": canonical.decimal_text(bom.product_qty), "unit": ref(bom.product_uom_id),
            "kind": bom.type, "company": ref(bom.company_id), "consumption": bom.consumption,
            "line": rows(bom.bom_line_ids), "byproduct": rows(bom.byproduct_ids),
            "operation": dict(_numbered((one.name, {
                "work center": ref(one.workcenter_id),
                "minutes": canonical.decimal_text(one.time_cycle_manual)
                if one.time_mode == "manual" else "",
            }) for one in bom.operation_ids.sorted(lambda one: (one.sequence, one.id)))),
        }

    @api.model
    def _med_plans_of(self, product, boms):
        """Return the approved plans that name a product or an operation of it."""
        return self.env["med.inspection.plan"].sudo().search([
            ("state", "=", "approved"), "|", "|", ("product_tmpl_ids", "in", product.ids),
            ("operation_ids", "in", boms.operation_ids.ids),
            "&", ("product_tmpl_ids", "=", False),
            ("categ_ids", "parent_of", product.categ_id.ids)], order="code, version")

    @api.model
    def _med_labels_of(self, devices):
        """Return the approved label templates for the levels and markets of some devices."""
        found = self.env["med.label.template"].sudo().search([
            ("state", "=", "approved"), ("level", "in", devices.mapped("level")),
            ("jurisdiction_id", "in", devices.market_ids.ids)], order="name, version")
        pairs = {(di.level, market) for di in devices for market in di.market_ids}
        return found.filtered(lambda one: (one.level, one.jurisdiction_id) in pairs)

    # ------------------------------------------------------------------ which one holds

    @api.model
    def _med_in_force(self, product, lots=()):
        """Return the version by which a product is made now.

        :param lots: names of the lots or serials that are made; a version that begins with a lot
            holds for those that it names alone
        :raise UserError: these lots come under different versions
        """
        versions = product.sudo().med_version_ids.sorted("number", reverse=True)
        now = fields.Datetime.now()
        versions = versions.filtered(lambda one: one.effective_from <= now)

        def of(name):
            return next((one for one in versions if not one.effective_lot or (
                name and begins(name, one.effective_lot))), self.sudo().browse())

        found = self.sudo().union(*(of(name) for name in lots or [""]))
        if len(found) > 1:
            raise UserError(self.env._(
                "%(product)s: these lots come under versions %(numbers)s. Make them by orders of "
                "their own.", product=product.display_name,
                numbers=", ".join(str(one.number) for one in found.sorted("number"))))
        return found


def _numbered(pairs):
    """Yield pairs whose keys differ: a second one of a key gets ``#2`` behind it."""
    seen = Counter()
    for key, value in pairs:
        seen[key] += 1
        yield (key if seen[key] == 1 else f"{key}#{seen[key]}"), value


def _data(di):
    return [name for name in GUARDED["med.udi.di"][1]
            if name in di._fields and name not in ("name", "state", "active")]


def _text(record, name, ref):
    value = record[name]
    if record._fields[name].relational:
        return ref(value)
    return "" if value is False or value is None else str(value)


def _sentences(found, names):
    """Yield one readable line for each difference."""
    def word(text):
        base, mark, number = (text or "").partition("#")
        return names[base] + mark + number if base in names else text or "–"

    for one in found:
        if one.old or one.new:
            where = " › ".join(word(part) for part in one.path)
            yield f"{where}: {word(one.new)}" if one.old is None else (
                f"{where}: {word(one.old)} → {word(one.new)}")
