from . import med_trigger_try
