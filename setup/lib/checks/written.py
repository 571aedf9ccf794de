"""The tests that were written, read from the source without importing it."""

import ast
import re
from pathlib import Path


def _classes(path):
    """Classes of a file: name → (names of bases, test methods defined in its own body)."""
    found = {}
    for node in ast.parse(path.read_text(), str(path)).body:
        if isinstance(node, ast.ClassDef):
            bases = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
                     for base in node.bases]
            found[node.name] = bases, [
                item.name for item in node.body
                if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))
                and item.name.startswith("test")]
    return found


def addon_tests(addon):
    """Tests of an addon as ``addon.tests.file:Class.method``, mapped to the identifiers that may
    stand for them: a method of a shared base class runs under the names of its subclasses.

    :param Path addon: the addon's folder
    """
    files = {path.stem: _classes(path) for path in sorted((addon / "tests").glob("*.py"))}
    bases = {name: parents for classes in files.values() for name, (parents, _) in classes.items()}

    def is_a(name, ancestor):
        return name == ancestor or any(
            is_a(parent, ancestor) for parent in bases.get(name, ()) if parent != name)

    return {
        f"{addon.name}.tests.{stem}:{name}.{method}": {
            f"{addon.name}.tests.{other}:{heir}.{method}"
            for other, heirs in files.items() for heir in heirs if is_a(heir, name)}
        for stem, classes in files.items()
        for name, (_, methods) in classes.items() for method in methods}


def pytest_tests(folder):
    """Tests of a pytest folder as ``file:Class.method`` or ``file:function``."""
    found = set()
    for path in sorted(folder.rglob("test_*.py")):
        place = ".".join(path.relative_to(folder).with_suffix("").parts)
        for node in ast.parse(path.read_text(), str(path)).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                found.add(f"{place}:{node.name}")
            elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
                found |= {f"{place}:{node.name}.{item.name}" for item in node.body
                          if isinstance(item, ast.FunctionDef) and item.name.startswith("test")}
    return found


def addon_tours(addon):
    """Names of the browser tours that an addon registers for its tests."""
    pattern = re.compile(r"""web_tour\.tours["']\s*\)\s*\.add\(\s*["'`]([^"'`]+)""")
    return {name for path in Path(addon).glob("static/tests/**/*.js")
            for name in pattern.findall(path.read_text())}
