"""Run in ``odoo shell``: print each term of our addons that zh_CN.po does not translate.

Expects ``addons``: the folders of our addons, by name.
"""

import io
import pathlib

import polib
from odoo.tools.translate import trans_export

for name, folder in addons.items():  # noqa: F821
    template = io.BytesIO()
    trans_export(False, [name], template, "po", env)  # noqa: F821
    path = pathlib.Path(folder, "i18n", "zh_CN.po")
    translated = {(entry.msgctxt, entry.msgid)
                  for entry in (polib.pofile(str(path)) if path.exists() else ())
                  if entry.translated()}
    for entry in polib.pofile(template.getvalue().decode()):
        places = [place for place, _ in entry.occurrences if "__tz__" not in place]  # as in core
        if places and (entry.msgctxt, entry.msgid) not in translated:
            print(f"{name}: {entry.msgid!r} ({', '.join(places)})")
