"""Symbols that stand for words on the label of a device.

ISO 15223-1:2021 (numbers in the comments) and, for magnetic resonance, ASTM F2503. Each is a list
of strokes in a box one unit high, y downwards: ``('line', points)``, ``('fill', points)``,
``('circle', x, y, radius)``, ``('word', x, baseline, size, text)``; a line is closed when it ends
where it begins.
"""
LINE = 0.07
"""Width of a stroke, as a part of the height."""


def _box(width, *more):
    return (width, [('line', ((0, 0), (width, 0), (width, 1), (0, 1), (0, 0))), *more])


def _word(text, width):
    """A word in a frame, as the reference number, lot and serial symbols are drawn."""
    size = min(0.62, (width - 0.24) / (0.62 * len(text)))
    return _box(width, ('word', width / 2, 0.5 + size * 0.36, size, text))


def _slash(x, y, radius):
    step = radius * 0.7071
    return [('circle', x, y, radius), ('line', ((x - step, y - step), (x + step, y + step)))]


def _sterile(method):
    """STERILE and its method, each in its part of one frame (5.2.2 to 5.2.5, 5.2.10)."""
    width = 2.6 + 0.32 + 0.36 * len(method)
    return (width, [*_word('STERILE', 2.6)[1],
                    ('line', ((2.6, 0), (width, 0), (width, 1), (2.6, 1))),
                    ('word', (2.6 + width) / 2, 0.5 + 0.54 * 0.36, 0.54, method)])


FACTORY = ((0.02, 0.96), (0.02, 0.42), (0.34, 0.62), (0.34, 0.42), (0.66, 0.62), (0.66, 0.08),
           (0.84, 0.08), (0.98, 0.96), (0.02, 0.96))
GLASS = ((0.14, 0.04), (0.66, 0.04), (0.66, 0.2), (0.44, 0.5), (0.66, 0.8), (0.66, 0.96),
         (0.14, 0.96), (0.14, 0.8), (0.36, 0.5), (0.14, 0.2), (0.14, 0.04))

ICONS = {
    'maker': (1.0, [('fill', FACTORY)]),  # 5.1.1
    'made': (1.0, [('line', FACTORY)]),  # 5.1.3
    'expiry': (0.8, [('line', GLASS)]),  # 5.1.4
    'lot': _word('LOT', 1.45),  # 5.1.5
    'reference': _word('REF', 1.45),  # 5.1.6
    'serial': _word('SN', 1.15),  # 5.1.7
    'sterile': _word('STERILE', 2.6),  # 5.2.1
    'sterile_A': _sterile('A'), 'sterile_EO': _sterile('EO'), 'sterile_R': _sterile('R'),
    'sterile_VH2O2': _sterile('VH2O2'),
    'not_sterile': (2.6, [*_word('STERILE', 2.6)[1][1:],  # 5.2.7
                          ('line', ((0, 0), (2.6, 0), (2.6, 1), (0, 1), (0, 0))),
                          ('line', ((0, 1), (2.6, 0)))]),
    'damaged': (1.1, [('line', ((0.3, 0.32), (0.8, 0.32), (0.8, 0.78), (0.3, 0.78),  # 5.2.8
                                (0.3, 0.32))), *_slash(0.55, 0.5, 0.46)]),
    'single_use': (1.0, [('word', 0.5, 0.74, 0.66, '2'), *_slash(0.5, 0.5, 0.46)]),  # 5.4.2
    'instructions': (1.1, [('line', ((0.04, 0.14), (0.5, 0.24), (0.96, 0.14), (0.96, 0.8),  # 5.4.3
                                     (0.5, 0.92), (0.04, 0.8), (0.04, 0.14))),
                           ('line', ((0.5, 0.24), (0.5, 0.92))),
                           ('word', 0.74, 0.7, 0.5, 'i')]),
    'latex': (1.5, [('line', ((0.25, 0.04), (1.25, 0.04), (1.48, 0.5), (1.25, 0.96),  # 5.4.5
                              (0.25, 0.96), (0.02, 0.5), (0.25, 0.04))),
                    ('word', 0.75, 0.63, 0.36, 'LATEX')]),
    'latex_free': (1.5, [('line', ((0.25, 0.04), (1.25, 0.04), (1.48, 0.5), (1.25, 0.96),
                                   (0.25, 0.96), (0.02, 0.5), (0.25, 0.04))),
                         ('word', 0.75, 0.63, 0.36, 'LATEX'),
                         ('line', ((0.25, 0.96), (1.25, 0.04)))]),
    'device': _word('MD', 1.15),  # 5.7.7
    'udi': _word('UDI', 1.3),  # 5.7.10
    'temperature': (0.8, [('line', ((0.32, 0.62), (0.32, 0.06), (0.48, 0.06),  # 5.3.7
                                    (0.48, 0.62))),
                          ('circle', 0.4, 0.79, 0.17),
                          ('line', ((0.48, 0.14), (0.72, 0.14))),
                          ('line', ((0.08, 0.46), (0.32, 0.46)))]),
    'dry': (1.1, [('line', ((0.08, 0.5), (0.16, 0.3), (0.34, 0.14), (0.55, 0.1),  # 5.3.4
                            (0.76, 0.14), (0.94, 0.3), (1.02, 0.5), (0.08, 0.5))),
                  ('line', ((0.55, 0.5), (0.55, 0.84), (0.62, 0.93), (0.71, 0.84)))]),
    'sunlight': (1.1, [('circle', 0.36, 0.3, 0.13),  # 5.3.2
                       ('line', ((0.36, 0.04), (0.36, 0.12))), ('line', ((0.08, 0.3), (0.17, 0.3))),
                       ('line', ((0.55, 0.3), (0.64, 0.3))), ('line', ((0.16, 0.1), (0.23, 0.17))),
                       ('line', ((0.56, 0.1), (0.49, 0.17))),
                       ('line', ((0.08, 0.94), (0.4, 0.6), (0.66, 0.88), (0.82, 0.7),
                                 (1.04, 0.94)))]),
    'mr_safe': _word('MR', 1.0),
    'mr_conditional': (1.2, [('line', ((0.6, 0.03), (1.17, 0.96), (0.03, 0.96), (0.6, 0.03))),
                             ('word', 0.6, 0.87, 0.42, 'MR')]),
    'mr_unsafe': (1.0, [('word', 0.5, 0.67, 0.46, 'MR'), *_slash(0.5, 0.5, 0.46)]),
}
