"""Turns the tables of `catalogue` into records."""

import secrets

from markupsafe import Markup
from odoo.fields import Command

from . import catalogue as c
from . import identifiers
from .gtin import gtin14


class MasterData:
    """The records of the catalogue, by key: `companies`, `partners`, `products` and so on."""

    def __init__(self, env):
        self.env = env
        self.companies, self.warehouses, self.partners, self.users = {}, {}, {}, {}
        self.products, self.work_centres, self.boms, self.locations = {}, {}, {}, {}

    def create(self, progress):
        progress("languages: English, 简体中文")
        self._load_languages()
        progress("companies, partners, people")
        self._create_companies()
        self._create_partners()
        password = self._create_people()
        progress("products, packaging, recipes")
        self._create_products()
        self._create_recipes()
        self._create_locations()
        return password

    def _load_languages(self):
        languages = self.env["res.lang"].with_context(active_test=False).search(
            [("code", "in", ["en_US", "zh_CN"])])
        self.env["base.language.install"].create(
            {"lang_ids": [Command.set(languages.ids)], "overwrite": False}).lang_install()

    def _country(self, code):
        return self.env.ref(f"base.{code.lower()}")

    def _create_companies(self):
        self.env.ref("base.group_user").implied_ids |= (
            self.env.ref("base.group_multi_company") | self.env.ref("uom.group_uom")
            | self.env.ref("stock.group_stock_multi_locations")
            | self.env.ref("stock.group_production_lot") | self.env.ref("mrp.group_mrp_routings")
            | self.env.ref("mrp.group_mrp_byproducts") | self.env.ref("stock.group_tracking_owner"))
        for key, (name, domain, country, city) in c.COMPANIES.items():
            currency = self.env["res.currency"].with_context(active_test=False).search(
                [("name", "=", c.CURRENCIES[key])])
            currency.active = True
            email = f"info@{domain}"
            vals = {
                "name": name, "email": email, "currency_id": currency.id,
                "company_details": Markup("<p>{}<br/>{}<br/>{}</p>").format(name, city, email),
                "external_report_layout_id": self.env.ref("web.external_layout_standard").id}
            if "iap_enrich_auto_done" in self.env["res.company"]._fields:
                vals["iap_enrich_auto_done"] = True  # else Odoo asks a web service about it
            if self.companies:
                self.companies[key] = self.env["res.company"].create(vals)
            else:
                self.companies[key] = self.env.ref("base.main_company")
                self.companies[key].write(vals)
            # On the partner, since a country written on a company installs its localisation.
            self.companies[key].partner_id.write({
                "country_id": self._country(country).id, "city": city,
                "comment": c.CERTIFICATES[key]})
        self.env.user.company_ids |= self.env["res.company"].union(*self.companies.values())
        inter_company = self.env.ref("stock.stock_location_inter_company")
        for key, company in self.companies.items():
            company.stock_text_confirmation = False
            company._set_per_company_inter_company_locations(inter_company)
            warehouse = self.env["stock.warehouse"].search(
                [("company_id", "=", company.id)], limit=1)
            vals = {"name": company.name.removesuffix(" (演示/demo)"),
                    "code": c.WAREHOUSE_CODES[key]}
            if warehouse:
                self._rename_warehouse(warehouse, vals)
            else:
                warehouse = self.env["stock.warehouse"].create(vals | {"company_id": company.id})
            self.warehouses[key] = warehouse

    def _rename_warehouse(self, warehouse, vals):
        """A warehouse with another code, which Odoo writes into some of its numbers only."""
        old = f"{warehouse.code}/"
        warehouse.write(vals)
        for sequence in self.env["stock.picking.type"].with_context(active_test=False).search(
                [("warehouse_id", "=", warehouse.id)]).sequence_id:
            if sequence.prefix.startswith(old):
                sequence.prefix = f"{vals['code']}/{sequence.prefix.removeprefix(old)}"

    def _create_partners(self):
        tags = {
            kind: self.env["res.partner.category"].create({"name": name})
            for kind, name in (("supplier", "供应商 Supplier (demo)"),
                               ("processor", "受托加工方 Processor (demo)"),
                               ("dealer", "经销商 Dealer (demo)"),
                               ("hospital", "医院 Hospital (demo)"))
        }
        for key, (name, kind, country, city) in c.PARTNERS.items():
            self.partners[key] = self.env["res.partner"].create({
                "name": name, "is_company": True, "country_id": self._country(country).id,
                "city": city, "email": f"contact@{key.replace('_', '-')}.example",
                "category_id": [Command.link(tags[kind].id)],
                "comment": c.CERTIFICATES.get(key, ""),
            })
        for key, company in self.companies.items():
            self.partners[key] = company.partner_id
        lanheng = self.companies["lanheng"]
        for key, partner in self.partners.items():
            if key in c.PARTNERS and c.PARTNERS[key][1] == "processor":
                partner.with_company(lanheng).property_stock_subcontractor = (
                    self.env["stock.location"].create({
                        "name": f"At {partner.name}", "usage": "internal",
                        "company_id": lanheng.id,
                        "location_id": lanheng.subcontracting_location_id.id,
                    }))

    def _create_people(self):
        """Create the logins; returns the password they share, drawn anew for each database."""
        password = secrets.token_urlsafe(9)
        hashed = self.env["res.users"]._crypt_context().hash(password)
        everywhere = self.env["res.company"].union(*self.companies.values())
        lanheng = self.companies["lanheng"]
        internal = self.env.ref("base.group_user")
        for login, (role, name, groups) in c.PEOPLE.items():
            groups = internal.union(*map(self.env.ref, groups))
            groups |= self.env.ref(f"med_base.med_base_group_{role}",
                                   raise_if_not_found=False) or groups.browse()
            self.users[login] = self.env["res.users"].with_context(no_reset_password=True).create({
                "login": login, "name": f"{name} (演示/demo)",
                "email": f"{login}@{c.COMPANIES['lanheng'][1]}", "notification_type": "inbox",
                "lang": "en_US", "tz": "Asia/Shanghai", "group_ids": [Command.set(groups.ids)],
                "company_id": lanheng.id,
                "company_ids": [Command.set(
                    (everywhere if login in c.WHOLE_GROUP else lanheng).ids)],
            })
            self.users[login]._set_encrypted_password(self.users[login].id, hashed)
        if "med.auditor.access" in self.env:
            self.env["med.auditor.access"].create({
                "user_id": self.users["auditor"].id, "reason": "Demonstration",
                "company_ids": [Command.set(everywhere.ids)],
                "date_from": "2020-01-01 00:00:00", "date_until": "2100-01-01 00:00:00"})
        return password

    def _create_products(self):
        fefo = self.env.ref("product_expiry.removal_fefo")
        categories = {
            key: self.env["product.category"].create({"name": name, "removal_strategy_id": fefo.id})
            for key, name in (("device", "医疗器械 Medical devices (demo)"),
                              ("intermediate", "中间产品 Intermediates (demo)"),
                              ("material", "物料 Materials (demo)"))
        }
        for category in categories.values():
            name = category.name
            category.with_context(lang="zh_CN").name = name
        resupply = self.env.ref("mrp_subcontracting.route_resupply_subcontractor_mto")
        for key, row in c.PRODUCTS.items():
            vals = {
                "name": row.name, "type": "consu", "is_storable": True, "tracking": row.tracking,
                "default_code": f"DEMO-{key.upper().replace('_', '-')}",
                "uom_id": self.env.ref(row.uom).id, "categ_id": categories[row.category].id,
                "sale_ok": row.category == "device", "purchase_ok": key in c.SOURCES,
                "list_price": row.price, "description_sale": row.description,
                "taxes_id": [Command.clear()], "supplier_taxes_id": [Command.clear()],
                "barcode": gtin14(row.gtin) if row.gtin else False,
                "route_ids": [Command.link(resupply.id)] if row.resupply else [],
            }
            if row.shelf_days:
                vals |= {"use_expiration_date": True, "expiration_time": row.shelf_days,
                         "use_time": 0, "removal_time": 15, "alert_time": 60}
            product = self.env["product.product"].create(vals)
            product.with_context(lang="zh_CN").write(
                {"name": row.name_zh, "description_sale": row.description_zh})
            for name, (contained, indicator) in row.packaging.items():
                uom = self.env["uom.uom"].create({
                    "name": name, "relative_factor": contained,
                    "relative_uom_id": product.uom_id.id})
                uom.with_context(lang="zh_CN").name = f"{contained} 个装（演示）"
                product.uom_ids |= uom
                self.env["product.uom"].create({
                    "uom_id": uom.id, "product_id": product.id, "company_id": False,
                    "barcode": gtin14(row.gtin, indicator)})
            for supplier in c.SOURCES.get(key, ()):
                self.env["product.supplierinfo"].create({
                    "partner_id": self.partners[supplier].id, "price": row.price * 0.6, "delay": 5,
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "company_id": self.companies["lanheng"].id})
            self.products[key] = product
        identifiers.create(self.env, self.products)

    def _create_recipes(self):
        company = self.companies["lanheng"]
        for key, (name, name_zh) in c.WORK_CENTRES.items():
            self.work_centres[key] = self.env["mrp.workcenter"].create(
                {"name": f"{name} (demo)", "code": key, "company_id": company.id})
            self.work_centres[key].with_context(lang="zh_CN").name = f"{name_zh}（演示）"
        for key, (quantity, components, operations, processor, by_products) in c.RECIPES.items():
            bom = self.boms[key] = self.env["mrp.bom"].create({
                "product_tmpl_id": self.products[key].product_tmpl_id.id, "product_qty": quantity,
                "product_uom_id": self.products[key].uom_id.id,
                "type": "subcontract" if processor else "normal", "company_id": company.id,
                "code": f"DEMO-{key.upper().replace('_', '-')}-A", "consumption": "flexible",
                "subcontractor_ids": [
                    Command.set(self.partners[processor].ids if processor else [])],
                "bom_line_ids": [
                    Command.create({"product_id": self.products[part].id, "product_qty": needed})
                    for part, needed in components.items()],
                "byproduct_ids": [
                    Command.create({"product_id": self.products[extra].id, "product_qty": made})
                    for extra, made in by_products.items()],
                "operation_ids": [
                    Command.create({"name": name, "workcenter_id": self.work_centres[centre].id,
                                    "time_mode": "manual", "time_cycle_manual": minutes})
                    for centre, name, _name_zh, minutes in operations],
            })
            for operation, (_centre, _name, name_zh, _minutes) in zip(
                    bom.operation_ids, operations, strict=True):
                operation.with_context(lang="zh_CN").name = name_zh

    def _create_locations(self):
        lanheng, ninglan = self.warehouses["lanheng"], self.warehouses["ninglan"]
        for key, name, warehouse in (
                ("retained", "Retained samples 留样 (demo)", lanheng),
                ("consignment", "Consignment 寄售: 砚汀市骨科医院 Yanting Orthopaedic (demo)",
                 ninglan)):
            self.locations[key] = self.env["stock.location"].create({
                "name": name, "usage": "internal", "company_id": warehouse.company_id.id,
                "location_id": warehouse.view_location_id.id})
