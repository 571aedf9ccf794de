"""Labels made outside the server, in a process with limits of its own (see ``worker.py``)."""
import base64
import json
import math
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from .errors import LabelError

WORKER = Path(__file__).with_name('worker.py')
# Nothing else of the server's environment is handed on: it may hold passwords.
ENVIRONMENT = ('PATH', 'HOME', 'LANG', 'PYTHONPATH', 'VIRTUAL_ENV', 'LD_LIBRARY_PATH')


@dataclass(frozen=True)
class Made:
    """Labels that were drawn and read back.

    :param results: one dictionary a label: ``found`` (list of data and symbology identifier),
        ``digest`` of the dots, ``text`` on the page, ``width`` and ``height`` in dots, ``module``
    :param pdf: one page a label
    :param zpl: for the printer, the same dots
    :param preview: PNG of the first label, or empty
    """

    results: tuple
    pdf: bytes
    zpl: str
    preview: bytes


def render(labels, preview=False, timeout=120):
    """Draw labels and read each back from its own pixels.

    :param labels: list of dictionaries, see ``layout.py``; all for printers of one resolution
    :raises LabelError: one of them cannot be made, or the process ended or took too long
    """
    answer = _run({'labels': labels, 'preview': preview}, timeout)
    return Made(tuple(answer['results']), base64.b64decode(answer['pdf']), answer['zpl'],
                base64.b64decode(answer['preview']))


def merge(parts, timeout=120):
    """Return one PDF of several."""
    answer = _run({'parts': [base64.b64encode(part).decode() for part in parts]}, timeout)
    return base64.b64decode(answer['pdf'])


def _run(job, timeout):
    environment = {key: os.environ[key] for key in ENVIRONMENT if key in os.environ}
    try:
        done = subprocess.run(
            [sys.executable or 'python3', str(WORKER)],
            input=json.dumps({**job, 'seconds': math.ceil(timeout)}).encode(), capture_output=True,
            timeout=timeout, check=False, env={**environment, 'PYTHONDONTWRITEBYTECODE': '1'})
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise LabelError('worker', reason=f'not ready after {timeout} seconds') from None
    except OSError as error:
        raise LabelError('worker', reason=str(error)) from error
    except ValueError:
        lines = done.stderr.decode(errors='replace').strip().splitlines()
        raise LabelError('worker', reason=lines[-1] if lines
                         else f'it ended with {done.returncode}') from None
    if 'error' in answer:
        raise LabelError(answer['error'], **answer['facts'])
    return answer
