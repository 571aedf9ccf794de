from . import recall_check
