from . import common, files, layout, lists, pages, problem, report, signing
