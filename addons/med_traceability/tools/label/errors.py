class LabelError(ValueError):
    """A label that cannot be made as asked.

    :param code: one of ``no_font``, ``glyph``, ``text_wide``, ``text_high``, ``symbol_wide``,
        ``symbol_high``, ``encode``, ``module``, ``worker``
    :param facts: plain values that tell what and how much
    """

    def __init__(self, code, **facts):
        self.code, self.facts = code, facts
        super().__init__(f'{code}: ' + ', '.join(f'{key}={value}' for key, value in facts.items()))
