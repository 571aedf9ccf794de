"""HTML to PDF, typeset by WeasyPrint in a process of its own.

The page is rendered outside the server: what is typeset cannot read the server's memory, and a
document that takes too long or too much memory ends without taking a worker with it. The page
reaches nothing but what it carries itself: ``data:`` addresses are read, a file or network address
ends the rendering (see ``pdf_worker.py``).
"""
import base64
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

WORKER = Path(__file__).with_name('pdf_worker.py')
# Nothing else of the server's environment is handed on: it may hold passwords.
ENVIRONMENT = ('PATH', 'HOME', 'LANG', 'PYTHONPATH', 'VIRTUAL_ENV', 'LD_LIBRARY_PATH',
               'XDG_CACHE_HOME', 'FONTCONFIG_PATH', 'FONTCONFIG_FILE')


class PdfError(Exception):
    """The page could not be typeset; the message says why, and is no whole sentence."""


def render_pdf(html, attachments=(), timeout=120):
    """Return the bytes of a PDF/A-3 file made from an HTML page; see :func:`render_pdfs`.

    :param str html: a whole page with its style sheet inside
    """
    return render_pdfs([html], attachments, timeout)[0]


def render_pdfs(pages, attachments=(), timeout=120):
    """Return the bytes of a PDF/A-3 file for each of some HTML pages.

    One process makes them all, since starting it takes longer than typesetting a letter.

    :param pages: list of whole pages with their style sheets inside
    :param attachments: ``(file name, description, bytes)`` of files to embed in each
    :param int timeout: seconds after which the rendering of all of them is given up
    :raises PdfError: WeasyPrint is missing, a page refers to a file or a network address, or
        rendering failed or took too long; then there is none of them
    """
    job = json.dumps({'pages': list(pages), 'seconds': timeout, 'attachments': [
        {'name': name, 'description': description, 'content': base64.b64encode(data).decode()}
        for name, description, data in attachments]})
    environment = {key: os.environ[key] for key in ENVIRONMENT if key in os.environ}
    try:
        done = subprocess.run(
            [sys.executable or 'python3', str(WORKER)], input=job.encode(), capture_output=True,
            timeout=timeout, check=False, env={**environment, 'PYTHONDONTWRITEBYTECODE': '1'})
    except subprocess.TimeoutExpired:
        raise PdfError(f'not ready after {timeout} seconds') from None
    except OSError as error:
        raise PdfError(str(error)) from error
    files = [] if done.returncode else _parts(done.stdout)
    if len(files) != len(pages) or not all(file.startswith(b'%PDF-') for file in files):
        lines = done.stderr.decode(errors='replace').strip().splitlines()
        raise PdfError(lines[-1] if lines else f'the typesetter ended with {done.returncode}')
    return files


def _parts(output):
    """Take apart what the worker wrote; nothing where it is not whole."""
    head, _line, rest = output.partition(b'\n')
    try:
        ends = list(itertools.accumulate(json.loads(head), initial=0))
    except (ValueError, TypeError):
        return []
    return [rest[begin:end] for begin, end in itertools.pairwise(ends)] if (
        ends[-1] == len(rest)) else []
