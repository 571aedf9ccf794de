"""Run in ``odoo shell``: print each term of our addons that zh_CN.po does not translate.

Expects ``addons``: the folders of our addons, by name.
"""

import io
import pathlib
import re

import polib
from odoo.tools.translate import trans_export


def ours(place, known):
    """Whether a term's place is ours to translate: not the names of time zones, which core leaves
    in English, nor a field that an addon we do not depend on puts on our model."""
    if "__tz__" in place:
        return False
    found = re.fullmatch(r"model:ir\.model\.fields,\w+:(\w+\.\w+)", place)
    record = found and env.ref(found[1], raise_if_not_found=False)  # noqa: F821
    field = record and env[record.model]._fields.get(record.name)  # noqa: F821
    return not field or bool(known & set(field._modules))


for name, folder in addons.items():  # noqa: F821
    module = env["ir.module.module"].search([("name", "=", name)])  # noqa: F821
    known = {name, *module.upstream_dependencies(exclude_states=("",)).mapped("name")}
    template = io.BytesIO()
    trans_export(False, [name], template, "po", env)  # noqa: F821
    path = pathlib.Path(folder, "i18n", "zh_CN.po")
    translated = {(entry.msgctxt, entry.msgid)
                  for entry in (polib.pofile(str(path)) if path.exists() else ())
                  if entry.translated()}
    for entry in polib.pofile(template.getvalue().decode()):
        places = [place for place, _ in entry.occurrences if ours(place, known)]
        if places and (entry.msgctxt, entry.msgid) not in translated:
            print(f"{name}: {entry.msgid!r} ({', '.join(places)})")
