"""Programs and libraries that come from the operating system's own package manager."""

import contextlib
import ctypes.util
import glob
import os
import shutil
import subprocess
from pathlib import Path

from .house import Failure, run, step


def _library(name):
    return lambda: ctypes.util.find_library(name)


def _program(*names):
    return lambda: any(shutil.which(name) for name in names)


# package: how one sees that what it brings is there, whoever brought it
NEEDED = {
    "postgresql": lambda: "PGHOST" in os.environ or glob.glob("/usr/lib/postgresql/*/bin/initdb"),
    "postgresql-client": _program("psql"),
    "wkhtmltopdf": _program("wkhtmltopdf"),
    "fonts-noto-cjk": lambda: glob.glob("/usr/share/fonts/**/Noto*CJK*", recursive=True),
    "libpango-1.0-0": _library("pango-1.0"),
    "libpangoft2-1.0-0": _library("pangoft2-1.0"),
    "libharfbuzz-subset0": _library("harfbuzz-subset"),
}
NEEDED_BY_TESTS = {
    "chromium": _program("google-chrome", "chromium", "chromium-browser"),
    "gettext": _program("msgfmt"),
    "poppler-utils": _program("pdftotext"),
    "rabbitmq-server": lambda: os.path.exists("/usr/lib/rabbitmq/bin/rabbitmq-server"),
}


def install(packages):
    """Install distribution packages as root or by passwordless sudo, or say the command to run."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        raise Failure("this needs Debian 12 or newer, or Ubuntu 24.04; missing: "
                      + " ".join(packages))
    if os.geteuid():
        allowed = shutil.which("sudo") and not subprocess.run(
            ["sudo", "-n", "true"], capture_output=True, check=False).returncode
        if not allowed:
            raise Failure("run this once, then try again:\n  sudo " + " ".join(command))
        command = ["sudo", "-n", *command]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    prefix = command[:command.index("apt-get")]
    with step("apt-get install " + " ".join(packages)):
        with contextlib.suppress(Failure):  # a source of another vendor may be out of reach
            run(*prefix, "apt-get", "update", env=environment)
        run(*command, env=environment)


def ensure(tests):
    """Install whatever is missing of NEEDED, and for tests of NEEDED_BY_TESTS."""
    needed = {**NEEDED, **(NEEDED_BY_TESTS if tests else {})}
    missing = [package for package, there in needed.items() if not there()]
    if "chromium" in missing and "ubuntu" in Path("/etc/os-release").read_text().lower():
        raise Failure("Ubuntu has no chromium package for the browser tests; install Google Chrome,"
                      " or:\n  sudo snap install chromium")
    if missing:
        install(missing)
    still = [package for package in missing if not needed[package]()]
    if still:
        raise Failure("installed, and still not found: " + " ".join(still))
