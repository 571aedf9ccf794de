import tempfile
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

from odoo.addons.med_traceability.tools.label.symbology import encode
from odoo.tests import HttpCase, tagged
from odoo.tests.common import ChromeBrowser
from odoo.tools import mute_logger
from PIL import Image, ImageDraw

from .scan_case import EXPIRY, UNIT, ScanCase


def picture(elements, size=(640, 480), module=5):
    """Return the JPEG of a GS1 DataMatrix in the middle of a white picture.

    It has to fit into the strip that core's camera dialog looks at.
    """
    symbol = encode('gs1_datamatrix', '', elements, 0.3, 203)
    image = Image.new('RGB', size, 'white')
    draw = ImageDraw.Draw(image)
    left, top = ((side - len(rows) * module) // 2 for side, rows in zip(
        size, (symbol.rows[0], symbol.rows), strict=True))
    for y, row in enumerate(symbol.rows):
        for x, dark in enumerate(row):
            if dark:
                draw.rectangle((
                    left + x * module, top + y * module, left + (x + 1) * module - 1,
                    top + (y + 1) * module - 1), fill='black')
    data = BytesIO()
    image.save(data, 'JPEG', quality=95, subsampling='4:2:0')
    return data.getvalue()


@tagged('post_install', '-at_install')
class TestScanTours(ScanCase, HttpCase):
    """CN-GSP-3, T9: receipts by scanner and by camera, and search by UDI, in a browser."""

    requirement = "CN-GSP-3 T9 TRC-1"

    @classmethod
    def _start_clock(cls):
        """Leave the clock alone: a browser and a server run by the real one."""

    @classmethod
    def tick(cls):
        """Let time pass by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('zh_CN')
        cls.di(cls.kit, UNIT)

    def tour(self, path, name, user=None):
        self.start_tour(path, name, login=(user or self.warehouseman).login, timeout=150)
        self.env.invalidate_all()

    def _receive(self, language):
        self.warehouseman.lang = language
        picking = self.receipt({self.kit: 2})
        with mute_logger('odoo.http'):  # the sentence about what nobody can read
            self.tour(f'/odoo/stock.picking/{picking.id}', 'med_scan_receipt_tour')
        self.assertEqual(picking.state, 'done')
        lots = picking.move_line_ids.lot_id.sorted('name')
        self.assertEqual(
            [(lot.name, self.day(lot), lot.product_qty) for lot in lots],
            [('A', str(EXPIRY), 1.0), ('B', str(EXPIRY), 2.0)])
        self.assertEqual(self.kinds(picking), ['dates_disagree'])
        scans = self.env['med.udi.scan'].search([('picking_id', '=', picking.id)])
        self.assertEqual(sorted(scans.mapped('undone')), [False] * 3 + [True])
        self.assertEqual(scans.user_id, self.warehouseman)

    def test_a_receipt_is_booked_with_a_scanner(self):
        """The label with lot and serial keeps them apart: the separator is not lost on the way."""
        self._receive('en_US')

    def test_a_receipt_is_booked_with_a_scanner_in_chinese(self):
        self._receive('zh_CN')

    def test_a_receipt_is_booked_with_the_camera(self):
        self.di(self.pump, '09506000134369')
        picking = self.receipt({self.pump: 1})
        film = Path(self.enterContext(tempfile.TemporaryDirectory()), 'label.mjpeg')
        film.write_bytes(picture([
            ('01', '09506000134369'), ('17', '271231'), ('10', 'LOT-CAM'), ('21', 'SN-CAM')]))
        start = ChromeBrowser._spawn_chrome
        switches = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream',
                    f'--use-file-for-fake-video-capture={film}']
        with patch.object(ChromeBrowser, '_spawn_chrome', lambda browser, cmd: start(
                browser, [cmd[0], *switches, *cmd[1:]])):
            self.tour(f'/odoo/stock.picking/{picking.id}', 'med_scan_camera_tour')
        line = picking.move_line_ids
        self.assertEqual((line.lot_name, line.med_batch, line.med_expiry, line.picked),
                         ('SN-CAM', 'LOT-CAM', EXPIRY, True))
        self.assertEqual(
            self.env['med.udi.scan'].search([('picking_id', '=', picking.id)]).source, 'camera')

    def test_lots_are_found_by_their_udi(self):
        self.stocked(self.kit, self.label(lot='FIND-1'), self.label(lot='FIND-2', expiry=EXPIRY))
        self.env['med.udi.di'].search([('name', '=', UNIT)]).pi_lot = True
        self.tour('/odoo/med-trace', 'med_scan_search_tour', self.user('viewer'))
        self.tour('/odoo/med-lots', 'med_scan_list_tour')
