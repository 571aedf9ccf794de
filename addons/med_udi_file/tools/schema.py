"""A regulator's XML schema: one XSD, or a ZIP of those that include each other."""

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from .safe_xml import MAX_BYTES, UnsafeXml, parse

MAX_FILES = 500
MAX_UNPACKED = 4 * MAX_BYTES
BASE = "schema:/"  # no such protocol: what is not in the upload is found nowhere
XS = "{http://www.w3.org/2001/XMLSchema}"
REFERENCES = tuple(f"{XS}{name}" for name in ("include", "import", "redefine"))


class SchemaError(ValueError):
    """What was uploaded is no schema that can be used.

    :ivar code: ``archive``, ``many``, ``size``, ``main``, ``outside``, ``schema``, or one of
        ``UnsafeXml``
    """

    def __init__(self, code, detail=""):
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, str(detail)


@dataclass(frozen=True)
class Fault:
    """A place where a document is not as its schema says."""

    line: int
    path: str
    message: str


def members(data):
    """Return ``{path: bytes}`` of the schemas in an upload; a lone XSD is ``schema.xsd``."""
    if data[:4] != b"PK\x03\x04":
        return {"schema.xsd": data}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [one for one in archive.infolist()
                     if not one.is_dir() and one.filename.lower().endswith(".xsd")]
            if len(infos) > MAX_FILES:
                raise SchemaError("many", MAX_FILES)
            if sum(one.file_size for one in infos) > MAX_UNPACKED:
                raise SchemaError("size", MAX_UNPACKED)
            # The size that the archive states is not trusted: reading stops at the limit.
            found, left = {}, MAX_UNPACKED
            for one in infos:
                with archive.open(one) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise SchemaError("size", MAX_UNPACKED)
                found[posixpath.normpath(one.filename)] = content
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError,
            OSError) as error:
        raise SchemaError("archive", error) from error
    return found


def _check_references(files):
    """Raise unless every schema includes only what was uploaded with it."""
    for name, content in files.items():
        try:
            root = parse(content)
        except UnsafeXml as error:
            raise SchemaError(error.code, f"{name}: {error.detail}") from error
        for element in root.iter(*REFERENCES):
            place = element.get("schemaLocation")
            if place and _target(name, place) not in files:
                raise SchemaError("outside", f"{name}: {place}")


def _target(name, place):
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(place)))


class _Uploaded(etree.Resolver):
    """Gives what was uploaded, and nothing else in the world."""

    def __init__(self, files):
        super().__init__()
        self.files = files

    def resolve(self, system_url, public_id, context):
        name = posixpath.normpath(unquote((system_url or "").removeprefix(BASE)))
        if name not in self.files:
            raise SchemaError("outside", system_url)
        return self.resolve_string(self.files[name], context, base_url=BASE + name)


def load(data, main=""):
    """Return the compiled schema of an upload.

    :param main: path of the schema to begin with; may be empty when there is but one
    :raises SchemaError: it cannot be read, includes what was not uploaded, or is no schema
    """
    if len(data) > MAX_BYTES:
        raise SchemaError("size", MAX_BYTES)
    files = members(data)
    main = posixpath.normpath(main) if main and len(files) != 1 else next(iter(files), "")
    if main not in files or (len(files) > 1 and main == "."):
        raise SchemaError("main", ", ".join(sorted(files)[:20]))
    _check_references(files)
    reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False,
                             huge_tree=False)
    reader.resolvers.add(_Uploaded(files))
    try:
        root = etree.fromstring(files[main], reader, base_url=BASE + main)
        return etree.XMLSchema(root)
    except etree.LxmlError as error:
        raise SchemaError("schema", error) from error


def faults(schema, data, most=200):
    """Return ``[Fault, …]`` of a document, at most so many.

    :param data: bytes, so that the lines are those that a reader of the file sees
    """
    root = parse(data, limit=10 * MAX_BYTES)
    if schema.validate(root):
        return []
    return [Fault(one.line, one.path or "", one.message)
            for one in list(schema.error_log)[:most]]
