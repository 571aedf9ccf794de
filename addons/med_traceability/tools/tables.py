"""The answer of a trace as plain tables, for paper and for a workbook.

No Odoo, no I/O: the answer of ``stock.lot.med_trace()`` (contract version 1) and the words come in.
"""
from dataclasses import dataclass

# table: ((column, kind), …); kind: text, number, date (ISO text), word (a code, labels name it)
LAYOUT = {
    'lots': (('level', 'number'), ('name', 'text'), ('product', 'text'), ('tracking', 'word'),
             ('exact', 'word'), ('company', 'text'), ('expiration', 'date'), ('on_hand', 'number'),
             ('uom', 'text'), ('state', 'word')),
    'edges': (('from', 'text'), ('from_product', 'text'), ('to', 'text'), ('to_product', 'text'),
              ('quantity', 'number'), ('uom', 'text'), ('exact', 'word'), ('kind', 'word'),
              ('event', 'text'), ('date', 'date')),
    'consignees': (('partner', 'text'), ('payer', 'text'), ('country', 'text'),
                   ('own_company', 'word'),
                   ('lot', 'text'), ('product', 'text'), ('exact', 'word'), ('shipped', 'number'),
                   ('returned', 'number'), ('net', 'number'), ('uom', 'text'),
                   ('documents', 'text')),
    'suppliers': (('partner', 'text'), ('country', 'text'), ('own_company', 'word'),
                  ('lot', 'text'), ('product', 'text'), ('exact', 'word'), ('received', 'number'),
                  ('returned', 'number'), ('net', 'number'), ('uom', 'text'),
                  ('documents', 'text')),
    'stock': (('lot', 'text'), ('product', 'text'), ('location', 'text'), ('usage', 'word'),
              ('company', 'text'), ('quantity', 'number'), ('uom', 'text')),
    'events': (('date', 'date'), ('kind', 'word'), ('name', 'text'), ('company', 'text'),
               ('partner', 'text'), ('operators', 'text'), ('workcenters', 'text'),
               ('reason', 'text')),
}


@dataclass(frozen=True)
class Column:
    """One column: its key, the heading a reader sees and the kind of its values."""
    key: str
    label: str
    kind: str = 'text'


@dataclass(frozen=True)
class Table:
    """A titled table; rows are tuples in the order of the columns."""
    key: str
    title: str
    columns: tuple
    rows: tuple


def trace_tables(answer, labels):
    """Return the tables of a trace: lots, edges, consignees, suppliers, stock, events.

    :param dict answer: what ``med_trace`` returned; with both directions a first column names them
    :param dict labels: words by key: a title (``lots``), a heading (``name``, or ``lots.name``
        where it differs); a key that is missing is shown as it is
    """
    both = answer['direction'] == 'both'
    parts = [answer['forward'], answer['backward']] if both else [answer]
    return tuple(_table(key, parts, both, labels) for key in LAYOUT)


def in_words(value, kind, labels):
    """Return the word for a code (``word.<code>`` in labels), any other value as it is."""
    return labels.get(f'word.{value}', value) if kind == 'word' else value


def _table(key, parts, both, labels):
    layout = ((('direction', 'word'),) if both else ()) + LAYOUT[key]
    columns = tuple(Column(name, labels.get(f'{key}.{name}', labels.get(name, name)), kind)
                    for name, kind in layout)
    rows = []
    for part in parts:
        lots = {lot['id']: lot for lot in part['lots']}
        events = {event['id']: event for event in part['events']}
        for row in part[key]:
            row = {**_named(key, row, lots, events), 'direction': part['direction']}
            rows.append(tuple(row.get(name, '') for name, _kind in layout))
    return Table(key, labels.get(key, key), columns, tuple(rows))


def _named(key, row, lots, events):
    """Return a row with names for ids and codes for booleans."""
    nothing = {'name': '', 'product': '', 'uom': ''}
    if 'exact' in row:
        row = {**row, 'exact': 'exact' if row['exact'] else 'possible'}
    if key == 'edges':
        source, target = lots.get(row['from'], nothing), lots.get(row['to'], nothing)
        event = events.get(row['event'], {})
        return {**row, 'from': source['name'], 'from_product': source['product'],
                'to': target['name'], 'to_product': target['product'], 'uom': source['uom'],
                'kind': event.get('kind', ''), 'event': event.get('name', ''),
                'date': event.get('date', '')}
    if 'lot_id' in row:
        lot = lots.get(row['lot_id'], nothing)
        row = {**row, 'lot': lot['name'], 'product': lot['product']}
    if key in ('consignees', 'suppliers'):
        return {**row, 'own_company': 'own_company' if row['own_company'] else '',
                'documents': ', '.join(events[event]['name'] for event in row['events']
                                       if event in events)}
    if key == 'events':
        return {**row, 'operators': ', '.join(row['operators']),
                'workcenters': ', '.join(row['workcenters'])}
    return row
