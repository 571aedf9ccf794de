from . import med_udi_file_make
from . import med_udi_file_submit
from . import med_udi_file_read
