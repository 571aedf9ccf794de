"""The Python environment of the runtime: one venv, packages pinned by hash in requirements.txt."""

import hashlib
import json
import os
import shutil
import sys

from . import system
from .house import CACHE, RUNTIME, SETUP, Failure, run, sha256, step

VENV = RUNTIME / "venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = SETUP / "requirements.txt"
SUPPORTED = range(10, 14)  # minor versions of Python 3 that Odoo 19 runs on


def _interpreter():
    """The Python that the environment is made of: $PYTHON, else the one that runs this."""
    chosen = os.environ.get("PYTHON") or sys.executable
    version = run(chosen, "-c", "import sys; print(*sys.version_info[:2])").split()
    if version[0] != "3" or int(version[1]) not in SUPPORTED:
        raise Failure(f"Odoo 19 runs on Python 3.10 to 3.13, and {chosen} is {'.'.join(version)};"
                      " set PYTHON to another one, for instance PYTHON=python3.12")
    return shutil.which(chosen)


def _pip(*arguments, hint="Is the network there?"):
    """Run the environment's pip; a constraint file of the machine cannot hold with hashes."""
    run(PYTHON, "-m", "pip", *arguments, hint=hint,
        env={**os.environ, "PIP_CONSTRAINT": os.devnull})


def _wheels(key):
    """A folder of the cache with every wheel wanted, each checked against its kept checksum."""
    folder = CACHE / "wheels" / key
    sums = folder / "sha256.json"
    if sums.exists() and all(
            (folder / name).exists() and sha256(folder / name) == checksum
            for name, checksum in json.loads(sums.read_text()).items()):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with step("Fetching the Python packages (a few minutes the first time)"):
        _pip("wheel", "--quiet", "--require-hashes", "--no-deps", "-r", REQUIREMENTS, "-w", folder)
    sums.write_text(json.dumps({path.name: sha256(path) for path in folder.glob("*.whl")}))
    return folder


def ensure():
    """Make the environment, or make it anew when requirements.txt or the Python has changed."""
    interpreter = _interpreter()
    about = run(interpreter, "-c", "import sys, sysconfig; print(sys.implementation.cache_tag,"
                                   " sysconfig.get_platform())").strip()
    key = hashlib.sha256(REQUIREMENTS.read_bytes() + about.encode()).hexdigest()[:16]
    stamp = VENV / "made-of"
    if stamp.exists() and stamp.read_text() == key:
        return
    if VENV.exists():
        shutil.rmtree(VENV)
    with step(f"Making the Python environment ({about})"):
        try:
            run(interpreter, "-m", "venv", VENV)
        except Failure:
            system.install(["python3-venv"])
            run(interpreter, "-m", "venv", VENV)
        folder = _wheels(f"{about.replace(' ', '-')}-{key}")
        _pip("install", "--quiet", "--no-index", "--no-deps", *sorted(folder.glob("*.whl")))
    stamp.write_text(key)
