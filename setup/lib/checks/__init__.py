"""The parts of ``setup/test``: each fills one section of a Report."""
