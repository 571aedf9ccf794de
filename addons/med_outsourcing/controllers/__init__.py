from . import downloads, papers
