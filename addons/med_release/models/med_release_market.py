from odoo import models
from odoo.addons.med_base.tools.evidence import digest

from ..tools.checks import MISSING, NOTE, item, row


class MedRelease(models.Model):
    """What the registrant looks at beside the rest: the maker's release, and the registrations."""

    _inherit = "med.release"

    def _get_registrant(self):
        """Return the own company that holds the registration, else the maker.

        Of several the one of the market that comes first, and the maker where it is among them.
        """
        release = self._med_clean()
        registrations = release._med_registrations().filtered(
            lambda one: one.state != "ended").sorted(
            lambda one: (one.jurisdiction_id.sequence, one.jurisdiction_id.code, -one.id))
        companies = self.env["res.company"].sudo().search([])
        by_partner = {company.partner_id: company for company in companies}
        found = [by_partner[one.registrant_id.commercial_partner_id] for one in registrations
                 if one.registrant_id.commercial_partner_id in by_partner]
        maker = release.production_id.company_id
        return maker if not found or maker in found else found[0]

    def _med_keep_registrant(self):
        """Read anew who the registrant of an open release is; shown before it is signed.

        Where it was another one when a person read, what he signs is refused as changed.
        """
        for release in self.filtered(lambda one: one.state == "open"):
            registrant = release._get_registrant()
            if registrant != release.registrant_company_id:
                release.registrant_company_id = registrant

    def _med_registrations(self):
        """Return the registrations of the device identifiers of what is made, ended ones too."""
        order = self.production_id
        products = order.product_id | order.move_finished_ids.product_id
        return products.med_di_ids.filtered(
            lambda di: di.state != "draft").registration_ids

    def _med_check_produced(self):
        """The maker has released, and his signature still holds."""
        _ = self.env._
        given = self._med_given().filtered(lambda one: one.transition == "produce")[-1:]
        items = [] if given and given._get_status() == "valid" else [item(
            MISSING, _("The maker's signature does not hold: withdraw, and sign again"),
            self._name, self.id)]
        fine = _("Signed by %(name)s, %(time)s UTC", name=given.name,
                 time=given.signed_at) if given else ""
        return row("produced", _("Production release"), fine, items,
                   [self.production_digest, given.ids])

    def _med_check_registration(self):
        """On one market at least the device was registered on the day it was made."""
        _, lots = self.env._, self._med_output_lots()
        markets = lots.product_id.med_di_ids.market_ids
        made, items, open_markets = lots._med_made_on(), [], set()
        undated = [lot for lot, day in made.items() if not day]
        if markets and undated:
            items.append(item(MISSING, _("%(lot)s has no date of manufacture",
                                         lot=undated[0].name), "stock.lot", undated[0].id))
        days = {(lot.product_id, day) for lot, day in made.items() if day}
        for market in markets:
            if all(product._med_registered(market, day) for product, day in days):
                open_markets.add(market)
            else:
                items.append(item(NOTE, _(
                    "%(market)s: no registration in force on the day it was made, so it is not "
                    "delivered there", market=market.display_name), "med.udi.di",
                    lots.product_id.med_di_ids[:1].id))
        if markets and not open_markets and not undated:
            items.append(item(MISSING, _(
                "No market has a registration that was in force on the day it was made"),
                "med.udi.di", lots.product_id.med_di_ids[:1].id))
        fine = _("In force: %(markets)s", markets=", ".join(
            sorted(market.code for market in open_markets))) if markets else _(
            "The product names no market")
        return row("registration", _("Registrations"), fine, items, sorted(
            [product.id, day.isoformat()] for product, day in days) + [sorted(
                [one.id, str(one.date_from), str(one.date_to), one.state]
                for one in self._med_registrations()), digest(fine.encode())])
