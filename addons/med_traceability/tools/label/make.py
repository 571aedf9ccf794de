"""Draw labels and read them back: what the worker does."""
import base64
import io
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
from PIL import Image

from . import layout, page, proof, zpl
from .fonts import Font


def characters(labels):
    """Return every character that the labels may draw."""
    found = set()
    for label in labels:
        found.update(*label['symbol']['hri'])
        for item in label['items']:
            found.update(item.get('text') or '', item.get('caption') or '')
            for icon in item.get('icons') or ():
                if not isinstance(icon, str):
                    found.update(icon[1])
    return found


def make(labels, preview):
    """Draw labels and read them back."""
    wanted = characters(labels)
    fonts = {bold: Font(bold, wanted) for bold in (False, True)}
    dpi = labels[0]['dpi']
    pages = []
    for number, label in enumerate(labels):
        try:
            pages.append(layout.arrange(label, fonts))
        except Exception as error:
            error.number = number
            raise
    pdf = page.draw(pages, fonts, dpi)
    shown = list(proof.images(pdf, dpi))
    with ThreadPoolExecutor(2) as readers:  # the reader works without Python's lock
        found = list(readers.map(proof.read, (image for image, _text in shown)))
    results = [{
        'found': codes, 'digest': image.digest(), 'text': text, 'width': image.width,
        'height': image.height, 'module': sheet.symbol.module}
        for codes, sheet, (image, text) in zip(found, pages, shown, strict=True)]
    printer = [zpl.label(image, label.get('copies') or 1)
               for label, (image, _text) in zip(labels, shown, strict=True)]
    return {'results': results, 'pdf': base64.b64encode(pdf).decode(),
            'zpl': ''.join(printer), 'preview': png(shown[0][0]) if preview else ''}


def png(image):
    stream = io.BytesIO()
    Image.frombytes('L', (image.width, image.height), image.data).save(stream, 'PNG', optimize=True)
    return base64.b64encode(stream.getvalue()).decode()


def join(parts):
    """Return one PDF of several, each in base64."""
    whole = pypdfium2.PdfDocument.new()
    for part in parts:
        whole.import_pages(pypdfium2.PdfDocument(base64.b64decode(part)))
    stream = io.BytesIO()
    whole.save(stream)
    return {'pdf': base64.b64encode(stream.getvalue()).decode()}
