from . import med_exchange_outbox_step
from . import med_exchange_message_mend
from . import med_exchange_message_mend_line
from . import med_exchange_message_decide
from . import med_exchange_message_decide_line
from . import med_exchange_message_reason
