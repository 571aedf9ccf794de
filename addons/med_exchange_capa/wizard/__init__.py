from . import med_capa_request_note, med_capa_request_note_action
