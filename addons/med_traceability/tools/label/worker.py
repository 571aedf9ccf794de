"""The process that makes labels: a job as JSON on stdin, its answer as JSON on stdout.

Run by ``process.py``. A job holds ``labels`` (see ``layout.py``, each with ``copies``), or
``parts`` (PDF files to join).
"""
import json
import os
import resource
import sys
from pathlib import Path

MEMORY = 2 << 30  # bytes of address space


def limit(kind, value):
    """Lower one resource limit of this process, never above what it was given."""
    hard = resource.getrlimit(kind)[1]
    if hard == resource.RLIM_INFINITY or hard > value:
        resource.setrlimit(kind, (value, value))


def main():
    job = json.load(sys.stdin.buffer)
    os.nice(5)  # people's requests go first
    limit(resource.RLIMIT_CPU, job['seconds'])
    limit(resource.RLIMIT_AS, MEMORY)
    # The folder of this script gives way to that of the package it belongs to.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from label.errors import LabelError
    try:
        from label.make import join, make
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
