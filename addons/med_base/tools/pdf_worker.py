"""The process that typesets pages: a job as JSON on stdin, on stdout the PDFs, one after another
behind a line of JSON with the length of each.

Run by ``pdf.py``. It reads no address but ``data:``; any other, wherever it stands (image, style
sheet, font, embedded file, inside an SVG image), ends it with a message and no output.
"""
import base64
import json
import logging
import resource
import sys

MEMORY = 2 << 30  # bytes of address space


def fetcher():
    """Return WeasyPrint's fetcher narrowed to what the page itself carries."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class DataOnly(URLFetcher):
        def fetch(self, url, headers=None):
            if not url.lower().startswith('data:'):
                raise FatalURLFetchingError(f'the page refers to {url[:120]}, which is not allowed')
            return super().fetch(url, headers)

    return DataOnly(allowed_protocols=('data',), allow_redirects=False)


def limit(kind, value):
    """Lower one resource limit of this process, never above what it was given."""
    hard = resource.getrlimit(kind)[1]
    if hard == resource.RLIM_INFINITY or hard > value:
        resource.setrlimit(kind, (value, value))


def main():
    job = json.load(sys.stdin.buffer)
    limit(resource.RLIMIT_CPU, job['seconds'])
    limit(resource.RLIMIT_AS, MEMORY)
    # The folder of this script would otherwise come before the standard library.
    sys.path.pop(0)
    try:
        from weasyprint import HTML, Attachment
    except (ImportError, OSError) as error:
        return f'WeasyPrint or one of its libraries is missing ({error})'
    logging.getLogger('weasyprint').setLevel(logging.CRITICAL)
    logging.getLogger('fontTools').setLevel(logging.CRITICAL)
    fetch = fetcher()
    try:
        files = [HTML(string=page, url_fetcher=fetch).write_pdf(
            pdf_variant='pdf/a-3u',
            attachments=[Attachment(
                string=base64.b64decode(item['content']), name=item['name'],
                description=item['description'], relationship='Data')
                for item in job['attachments']]) for page in job['pages']]
    except MemoryError:
        return 'the document needs too much memory'
    except BaseException as error:  # FatalURLFetchingError is no Exception
        return f'{error or type(error).__name__}'
    sys.stdout.buffer.write(json.dumps([len(file) for file in files]).encode() + b'\n')
    sys.stdout.buffer.writelines(files)
    return 0


if __name__ == '__main__':
    sys.exit(main())
