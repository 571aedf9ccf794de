from . import downloads, orders, papers
