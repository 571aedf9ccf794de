from . import med_change_answer_note
