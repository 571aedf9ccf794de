from . import common, files, lists, pages, problem, report, signing
