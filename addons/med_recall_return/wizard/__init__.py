from . import med_recall_account
from . import med_recall_account_settle
