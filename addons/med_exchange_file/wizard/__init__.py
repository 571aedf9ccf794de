from . import med_exchange_file_undo, med_exchange_form_ahead, med_exchange_onboard
