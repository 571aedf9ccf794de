"""Contexts without the caller's defaults, for what is written on his behalf."""


def without_defaults(records):
    """Return the records in a context that fills in no field.

    :param records: any recordset
    """
    return records.with_context({key: value for key, value in records.env.context.items()
                                 if not key.startswith("default_")})
