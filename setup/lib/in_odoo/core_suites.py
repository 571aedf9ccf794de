"""Run in ``odoo shell``: Odoo's own tests of some addons, with everything installed.

Expects ``suites``: names of addons.
"""

import odoo.tests.shell

odoo.tests.shell.run_tests(env, ",".join(f"/{name}" for name in suites), list(suites))  # noqa: F821
