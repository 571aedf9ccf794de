"""What a person calls a field of a message: the titles of the schema instead of a JSON pointer."""


def general(pointer):
    """Return a pointer as the data map has it: ``-`` for any row of a list.

    >>> general("/lots/0/quantity")
    '/lots/-/quantity'
    """
    return "/".join("-" if step.isdecimal() else step for step in pointer.split("/"))


def label(pointer, titles):
    """Return a field in words, rows of lists counted from 1.

    :param dict titles: pointer as of :func:`general` → title

    >>> label("/lots/0/quantity/value", {"/lots": "Lots", "/lots/-/quantity": "Quantity"})
    'Lots 1 › Quantity › value'
    """
    here, words = "", []
    for step in pointer.split("/")[1:]:
        if step.isdecimal():
            here += "/-"
            words.append(f"{words.pop() if words else ''} {int(step) + 1}".strip())
        else:
            here += f"/{step}"
            words.append(titles.get(here) or step.replace("~1", "/").replace("~0", "~"))
    return " › ".join(words)
