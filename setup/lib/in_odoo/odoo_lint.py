"""Run in ``odoo shell``: Odoo's own lint tests (module test_lint), on our addons alone.

Expects ``addons``: the folders of our addons, by name. Results go to the log as any test's do.
"""

from unittest.mock import patch

import odoo.tests.shell
from odoo.modules import Manifest
from odoo.tests import loader

CHECKS = (
    "test_dunderinit", "test_docstring", "test_i18n", "test_index", "test_jstranslate",
    "test_manifests", "test_markers", "test_naming", "test_onchange_domains", "test_orm_import",
    "test_override_signatures", "test_pofile", "test_routes", "test_test_holes",
)
ours = [Manifest.for_addon(name) for name in addons]  # noqa: F821


def chosen_modules(module):
    """The loader's list of test modules, cut down to the checks that fit."""
    return [one for one in loader._get_tests_modules(
        __import__("importlib").util.find_spec(f"odoo.addons.{module}"))
        if one.__name__.rsplit(".", 1)[1] in CHECKS]


with patch.object(Manifest, "all_addon_manifests", lambda: ours), \
        patch("odoo.modules.get_modules", lambda: list(addons)), \
        patch.object(loader, "get_test_modules", chosen_modules):  # noqa: F821
    odoo.tests.shell.run_tests(env, "/test_lint", ["test_lint"])  # noqa: F821
