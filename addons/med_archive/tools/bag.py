"""BagIt packages (RFC 8493, version 1.0): files, a list of their digests, and both as one ZIP.

A bag is a folder with ``bagit.txt``, ``bag-info.txt``, the payload under ``data/``, other tag
files, ``manifest-sha256.txt`` of the payload and ``tagmanifest-sha256.txt`` of the rest. Whoever
receives it verifies it with any BagIt program, or with ``sha256sum -c`` on the two manifests.
"""

import hashlib
import io
import re
import unicodedata
import zipfile
import zlib

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP knows: no clock in the bytes
NAME = 120                      # bytes of a file name; file systems take 255
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f%\\/:*?"<>|]+')
# Names that Windows keeps for devices, with or without an extension.
_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
MAX_FILES = 5_000
MAX_UNPACKED = 2 * 1024 ** 3


class BagError(ValueError):
    """A package that cannot be read; its text says why."""


def safe_name(name):
    """Return a file name that every file system takes, as near to the given one as can be."""
    text = unicodedata.normalize("NFC", name or "")
    text = _FORBIDDEN.sub("_", text).strip(" .") or "_"
    if _DEVICE.fullmatch(text):
        text = f"_{text}"
    stem, dot, extension = text.rpartition(".")
    if not dot or len(extension) > 10:
        stem, dot, extension = text, "", ""
    while len(f"{stem}{dot}{extension}".encode()) > NAME:
        stem = stem[:-1]
    return f"{stem}{dot}{extension}"


def add(files, folder, name, data):
    """Add a file to ``{path: bytes}`` under a name that is free there; return its path.

    Names that differ in the case of letters alone are the same to some file systems.
    """
    name, taken = safe_name(name), {path.lower() for path in files}
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    path, number = f"{folder}/{name}", 1
    while path.lower() in taken:
        number += 1
        path = f"{folder}/{stem}_{number}{dot}{extension}"
    files[path] = data
    return path


def sha256(data):
    """Return the SHA-256 of bytes, as ``sha256sum`` prints it."""
    return hashlib.sha256(data).hexdigest()


def _manifest(files):
    return "".join(f"{sha256(files[path])}  {path}\n" for path in sorted(files)).encode()


def _info(rows):
    """Return the bytes of ``bag-info.txt``: one line a row, whatever stands in the values."""
    return "".join(f"{label}: {' '.join(str(value).split())}\n" for label, value in rows
                   if str(value).strip()).encode()


def make(payload, tags, info):
    """Return ``{path: bytes}`` of a whole bag.

    :param payload: ``{path below data/: bytes}``
    :param tags: ``{path of a further tag file: bytes}``
    :param info: ``[(label, value), …]`` of ``bag-info.txt``; Payload-Oxum is added
    """
    data = {f"data/{path}": content for path, content in payload.items()}
    oxum = f"{sum(map(len, data.values()))}.{len(data)}"
    rest = {"bagit.txt": DECLARATION, "bag-info.txt": _info([*info, ("Payload-Oxum", oxum)]),
            MANIFEST: _manifest(data), **tags}
    return {**data, **rest, TAG_MANIFEST: _manifest(rest)}


def pack(bag, folder):
    """Return the bytes of a ZIP with a bag in one folder, the same for the same content."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(bag):
            info = zipfile.ZipInfo(f"{folder}/{path}", MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, bag[path])
    return stream.getvalue()


def unpack(data):
    """Return ``{path: bytes}`` of the one bag in a ZIP.

    :raises BagError: it is no ZIP, holds more than one folder, or is too large
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [one for one in archive.infolist() if not one.is_dir()]
            if len(infos) > MAX_FILES or sum(one.file_size for one in infos) > MAX_UNPACKED:
                raise BagError("too large")
            found, folders = {}, set()
            for one in infos:
                folder, _slash, path = one.filename.partition("/")
                if path in found:
                    raise BagError(f"{path} stands there twice")
                folders.add(folder)
                found[path] = archive.read(one)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError,
            ValueError) as error:
        raise error if isinstance(error, BagError) else BagError(str(error)) from error
    if len(folders) != 1:
        raise BagError("not one folder")
    return found


def problems(bag):
    """Return ``[(path, what), …]`` of what is wrong with a bag; what is ``absent``, ``changed``,
    ``unlisted`` or ``unreadable``.

    RFC 8493, 3: a bag is complete when every file of the manifests is there and every file of the
    payload is in one, and valid when every digest is right.
    """
    found = []
    if bag.get("bagit.txt") != DECLARATION:
        found.append(("bagit.txt", "changed" if "bagit.txt" in bag else "absent"))
    for name, listed in ((MANIFEST, lambda path: path.startswith("data/")),
                         (TAG_MANIFEST, lambda path: not path.startswith("data/"))):
        if name not in bag:
            found.append((name, "absent"))
            continue
        told = {}
        for line in bag[name].decode("utf-8", "replace").splitlines():
            match = re.fullmatch(r"([0-9a-f]{64})[ \t]+\*?(.+)", line)
            if not match or match[2] in told:
                found.append((name, "unreadable"))
                break
            told[match[2]] = match[1]
        for path, digest in told.items():
            if path not in bag:
                found.append((path, "absent"))
            elif sha256(bag[path]) != digest:
                found.append((path, "changed"))
        found += [(path, "unlisted") for path in sorted(bag)
                  if listed(path) and path not in told and path != TAG_MANIFEST]
    return found
