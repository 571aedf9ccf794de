from . import common, files, pages, problem, report, signing
