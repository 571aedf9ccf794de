from . import med_genealogy
from . import stock_move_line
