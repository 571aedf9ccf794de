"""The process that makes labels: a job as JSON on stdin, its answer as JSON on stdout.

Run by ``render.py``. A job holds ``labels`` (see ``layout.py``, each with ``copies``), or ``parts``
(PDF files to join).
"""
import base64
import io
import json
import resource
import sys
from pathlib import Path

MEMORY = 2 << 30  # bytes of address space


def limit(kind, value):
    """Lower one resource limit of this process, never above what it was given."""
    hard = resource.getrlimit(kind)[1]
    if hard == resource.RLIM_INFINITY or hard > value:
        resource.setrlimit(kind, (value, value))


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
    from label import layout, page, proof, zpl
    from label.fonts import Font
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
    results, printer, picture = [], [], None
    for label, sheet, (image, text) in zip(labels, pages, proof.images(pdf, dpi), strict=True):
        results.append({
            'found': proof.read(image), 'digest': image.digest(), 'text': text,
            'width': image.width, 'height': image.height, 'module': sheet.symbol.module})
        printer.append(zpl.label(image, label.get('copies') or 1))
        picture = picture or (preview and image)
    return {'results': results, 'pdf': base64.b64encode(pdf).decode(),
            'zpl': ''.join(printer), 'preview': picture and png(picture) or ''}


def png(image):
    from PIL import Image
    stream = io.BytesIO()
    Image.frombytes('L', (image.width, image.height), image.data).save(stream, 'PNG', optimize=True)
    return base64.b64encode(stream.getvalue()).decode()


def join(parts):
    """Return one PDF of several."""
    import pypdfium2
    whole = pypdfium2.PdfDocument.new()
    for part in parts:
        whole.import_pages(pypdfium2.PdfDocument(base64.b64decode(part)))
    stream = io.BytesIO()
    whole.save(stream)
    return {'pdf': base64.b64encode(stream.getvalue()).decode()}


def main():
    job = json.load(sys.stdin.buffer)
    limit(resource.RLIMIT_CPU, job['seconds'])
    limit(resource.RLIMIT_AS, MEMORY)
    # The folder of this script gives way to that of the package it belongs to.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from label.errors import LabelError
    try:
        answer = join(job['parts']) if 'parts' in job else make(job['labels'], job['preview'])
    except LabelError as error:
        answer = {'error': error.code,
                  'facts': {**error.facts, 'number': getattr(error, 'number', 0)}}
    except ImportError as error:
        answer = {'error': 'worker', 'facts': {'reason': f'a package is missing: {error}'}}
    except MemoryError:
        answer = {'error': 'worker', 'facts': {'reason': 'the labels need too much memory'}}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == '__main__':
    sys.exit(main())
