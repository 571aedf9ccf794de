"""What an XML document says before its first element, read by the parser that reads the rest."""

from xml.parsers import expat

STEP = 1 << 16


class _Declared(Exception):
    pass


class _Begun(Exception):
    pass


def has_document_type(data):
    """Return whether XML declares a document type, where entities are made.

    Nothing is expanded, and nothing is read beyond the start of the first element. What is no XML
    at all declares nothing: whoever reads it finds out.

    :param bytes data:
    """
    def declared(*_arguments):
        raise _Declared

    def begun(*_arguments):
        raise _Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = declared, begun
    try:
        for start in range(0, len(data), STEP):
            parser.Parse(data[start:start + STEP])
    except _Declared:
        return True
    except (_Begun, expat.ExpatError):
        return False
    return False
