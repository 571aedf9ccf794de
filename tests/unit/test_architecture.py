"""The house stands as ARCHITECTURE says: no arrow between addons beyond those listed here."""

import ast
from pathlib import Path

import pytest

ADDONS = Path(__file__).resolve().parents[2] / "addons"

# addon: exactly what it depends on. A new arrow is a decision: write it down before adding it here.
ARROWS = {
    "med_base": {"mail"},
    "med_audit": {"med_base"},
    "med_exchange": {"med_audit"},
    "med_exchange_broker": {"med_exchange"},
    "med_signature": {"med_audit"},
    "med_traceability": {"med_audit", "purchase_stock", "mrp", "product_expiry"},
    "med_udi_file": {"med_traceability"},
    "med_quality": {"med_signature", "med_traceability"},
    "med_inspection": {"med_quality"},
    "med_exchange_goods": {"med_exchange", "med_inspection"},
    "med_release": {"med_inspection"},
    "med_archive": {"med_release"},
    "med_nonconformity": {"med_inspection"},
    "med_exchange_nonconformity": {"med_exchange_goods", "med_nonconformity"},
    "med_capa": {"med_nonconformity"},
    "med_risk": {"med_capa"},
    "med_compliance": {"med_risk"},
    "med_change": {"med_compliance", "med_release"},
    "med_exchange_change": {"med_exchange_goods", "med_change"},
    "med_review": {"med_change"},
    "med_trigger": {"med_capa"},
    "med_outsourcing": {"med_change", "med_quality_subcontracting", "mrp_subcontracting_purchase"},
    "med_outsourcing_exchange": {"med_outsourcing", "med_exchange_goods"},
    "med_outsourcing_portal": {"med_outsourcing", "portal"},
    "med_outsourcing_change": {"med_outsourcing_portal", "med_exchange_change"},
    "med_exchange_capa": {"med_exchange_nonconformity", "med_capa"},
    "med_outsourcing_capa": {"med_outsourcing_portal", "med_exchange_capa"},
    "med_exchange_file": {"med_exchange"},
    "med_recall": {"med_inspection"},
    "med_recall_return": {"med_recall"},
    "med_recall_notice": {"med_recall"},
    "med_exchange_recall": {"med_exchange_goods", "med_recall_notice"},
    "med_recall_report": {"med_recall"},
    "med_nonconformity_release": {"med_nonconformity", "med_release"},
    "med_recall_capa": {"med_recall", "med_change"},
    "med_recall_sale": {"med_recall", "sale_stock"},
    "med_quality_subcontracting": {"med_quality", "mrp_subcontracting"},
    "med_traceability_repair": {"med_traceability", "repair"},
    "med_traceability_sale": {"med_traceability", "sale_stock"},
    "med_traceability_subcontracting": {"med_traceability", "mrp_subcontracting"},
}
BRIDGES = {"med_exchange_capa", "med_exchange_change", "med_exchange_goods",
           "med_exchange_nonconformity", "med_exchange_recall", "med_nonconformity_release",
           "med_outsourcing_capa", "med_outsourcing_change", "med_outsourcing_exchange",
           "med_quality_subcontracting", "med_recall_capa",
           "med_recall_sale", "med_traceability_repair", "med_traceability_sale",
           "med_traceability_subcontracting"}
MANIFESTS = {path.parent.name: ast.literal_eval(path.read_text())
             for path in sorted(ADDONS.glob("*/__manifest__.py"))}
TOOLS = sorted(ADDONS.glob("*/tools/**/*.py"))


def _imports(path):
    """Every module that a file imports, at any depth of the code, relative ones left out."""
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_addons_are_those_of_the_architecture():
    assert set(MANIFESTS) == set(ARROWS)


@pytest.mark.parametrize("addon", MANIFESTS)
def test_an_addon_depends_on_exactly_what_the_architecture_lists(addon):
    assert set(MANIFESTS[addon]["depends"]) == ARROWS[addon]


@pytest.mark.parametrize("addon", MANIFESTS)
def test_a_manifest_names_version_and_licence(addon):
    manifest = MANIFESTS[addon]
    assert manifest["version"].startswith("19.0.")
    assert manifest["license"] == "LGPL-3"


@pytest.mark.parametrize("addon", MANIFESTS)
def test_bridges_and_only_bridges_install_themselves(addon):
    assert bool(MANIFESTS[addon].get("auto_install")) == (addon in BRIDGES)


@pytest.mark.parametrize("addon", MANIFESTS)
def test_code_imports_no_addon_that_the_manifest_does_not_reach(addon):
    def reach(name):
        return {name} | {other for arrow in ARROWS.get(name, ()) for other in reach(arrow)}

    above = set(ARROWS) - reach(addon)
    wrong = {f"{path.relative_to(ADDONS)} imports {name}"
             for path in (ADDONS / addon).rglob("*.py") for name in _imports(path)
             for other in above if name.startswith(f"odoo.addons.{other}.")}
    assert not wrong


@pytest.mark.parametrize("path", TOOLS, ids=lambda path: str(path.relative_to(ADDONS)))
def test_a_tool_does_not_import_odoo(path):
    outside = {name for name in _imports(path)
               if name.split(".")[0] == "odoo" and ".tools" not in name}
    assert not outside
