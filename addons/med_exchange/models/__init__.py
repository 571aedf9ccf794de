from . import med_exchange_partner
from . import med_exchange_right
from . import med_exchange_key
from . import med_exchange_signing
from . import med_exchange
from . import med_exchange_handler
from . import med_exchange_organisation
from . import res_partner
