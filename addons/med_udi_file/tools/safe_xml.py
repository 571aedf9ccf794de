"""XML that strangers wrote: read with no DTD, no entity, no network, and within limits."""

from xml.parsers import expat

from lxml import etree

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 500_000


class UnsafeXml(ValueError):
    """A document that is not read.

    :ivar code: ``size``, ``doctype``, ``depth``, ``elements`` or ``syntax``
    :ivar detail: what the parser said, or the limit
    """

    def __init__(self, code, detail=""):
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, str(detail)


def _parser():
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False,
                           dtd_validation=False, huge_tree=False, remove_comments=False,
                           remove_pis=False)


def check(data, limit=MAX_BYTES):
    """Raise ``UnsafeXml`` unless bytes are well-formed XML without a document type.

    A first pass with expat, which stops at the document type itself: what it declares (entities
    that name files, or each other a thousand times over) is never looked at.
    """
    if len(data) > limit:
        raise UnsafeXml("size", limit)
    depth, count = [0], [0]

    def start(*_args):
        depth[0] += 1
        count[0] += 1
        if depth[0] > MAX_DEPTH:
            raise UnsafeXml("depth", MAX_DEPTH)
        if count[0] > MAX_ELEMENTS:
            raise UnsafeXml("elements", MAX_ELEMENTS)

    def end(_name):
        depth[0] -= 1

    def doctype(*_args):
        raise UnsafeXml("doctype")

    reader = expat.ParserCreate()
    reader.StartElementHandler, reader.EndElementHandler = start, end
    reader.StartDoctypeDeclHandler = doctype
    try:
        reader.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, UnsafeXml):
            raise
        raise UnsafeXml("syntax", error) from error


def parse(data, limit=MAX_BYTES, resolver=None):
    """Return the root element of a document.

    :param resolver: ``etree.Resolver`` asked for what the document includes, for schemas
    :raises UnsafeXml: it is too large, too deep, has a document type or is not well-formed
    """
    check(data, limit)
    reader = _parser()
    if resolver is not None:
        reader.resolvers.add(resolver)
    try:
        return etree.fromstring(data, reader)
    except etree.XMLSyntaxError as error:
        raise UnsafeXml("syntax", error) from error
