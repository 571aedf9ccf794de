"""Device identifiers of the demonstration company's devices, one at each level of packaging."""

from . import catalogue as c
from .gtin import gtin14

LEVELS = ("inner", "case", "pallet")


def create(env, products):
    """Make the device identifiers of the products that bear a GTIN, and put them into use.

    :param products: key of the catalogue → `product.product`
    """
    for key, row in c.PRODUCTS.items():
        if not row.gtin:
            continue
        one = env["med.udi.di"].create({
            "issuer": "gs1", "name": gtin14(row.gtin), "product_id": products[key].id,
            "trade_name": row.name, "version_model": products[key].default_code,
            "pi_lot": row.tracking == "lot", "pi_serial": row.tracking == "serial",
            "pi_expiry": bool(row.shelf_days), "sterile": True, "single_use": True})
        packages, inner, held = one, one, 1
        for level, (count, indicator) in zip(LEVELS, sorted(row.packaging.values()), strict=False):
            inner = env["med.udi.di"].create({
                "issuer": "gs1", "name": gtin14(row.gtin, indicator), "level": level,
                "contains_id": inner.id, "contained_quantity": count // held})
            packages, held = packages + inner, count
        packages.action_activate()
