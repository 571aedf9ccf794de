"""Several files as one."""

import io
import zipfile

MOMENT = (1980, 1, 1, 0, 0, 0)
"""The time that every file bears: the same files give the same archive."""


def zipped(files):
    """Return a ZIP archive of ``(name, bytes)``.

    >>> zipfile.ZipFile(io.BytesIO(zipped([("a.pdf", b"1")]))).namelist()
    ['a.pdf']
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name, MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return stream.getvalue()
