from . import res_partner, stock_move
