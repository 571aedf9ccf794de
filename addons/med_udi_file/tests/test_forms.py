import io
import uuid
import zipfile

from lxml import etree
from odoo.fields import Command
from odoo.tests import tagged
from openpyxl import load_workbook

from .common import UdiFileCase

DTX = "https://ec.europa.eu/tools/eudamed/dtx/"
NS = {"m": f"{DTX}servicemodel/Message/v1", "s": f"{DTX}servicemodel/Service/v1",
      "d": f"{DTX}datamodel/Entity/Device/v1", "b": f"{DTX}datamodel/Entity/Device/BasicUDI/v1",
      "u": f"{DTX}datamodel/Entity/UDIDI/v1", "c": f"{DTX}datamodel/Entity/Device/CommonDevice/v1",
      "spl": "urn:hl7-org:v3"}


@tagged("post_install", "-at_install")
class TestForms(UdiFileCase):
    """What stands in the files; their place in the form is data, checked by the official schema
    once that is uploaded."""

    requirement = "X8 CN-UDI-3 EU-UDI"

    def tree(self, file):
        return etree.fromstring(file._med_content())

    def test_eudamed_device_holds_basic_udi_di_and_udi_di(self):
        di = self.full(trade_name="Pump & <Co>")
        file = self.made("eudamed_device", di)
        self.assertEqual(file.check_state, "unchecked")
        top = self.tree(file)
        self.assertEqual(top.tag, f"{{{NS['m']}}}Push")

        def text(path):
            [found] = top.xpath(path, namespaces=NS)
            return found.text

        one = "m:payload/d:Device"
        self.assertEqual(text(f"{one}/d:MDRBasicUDI/b:riskClass"), "CLASS_IIB")
        self.assertEqual(text(f"{one}/d:MDRBasicUDI/b:identifier/c:DICode"), di.basic_id.name)
        self.assertEqual(text(f"{one}/d:MDRUDIDIData/u:identifier/c:DICode"), di.name)
        self.assertEqual(text(f"{one}/d:MDRUDIDIData/u:identifier/c:issuingEntityCode"), "GS1")
        self.assertEqual(text(f"{one}/d:MDRUDIDIData/u:productionIdentifier"),
                         "BATCH_NUMBER EXPIRATION_DATE")
        self.assertEqual(text(f"{one}/d:MDRUDIDIData/u:latex"), "false")
        self.assertEqual(text("m:sender/m:node/s:nodeActorCode"), "DE-MF-000012345")
        self.assertIn(b"Pump &amp; &lt;Co&gt;", file._med_content())
        names = [etree.QName(child).localname for child in top]
        self.assertLess(names.index("recipient"), names.index("payload"))
        self.assertLess(names.index("payload"), names.index("sender"))
        uuid.UUID(text("m:messageID"))

    def test_eudamed_basic_has_one_entry_for_several_devices(self):
        basic = self.basic()
        devices = self.full(basic_id=basic.id) | self.full(basic_id=basic.id) | self.full()
        top = self.tree(self.made("eudamed_basic", devices))
        self.assertEqual(len(top.xpath("m:payload/d:BasicUDI", namespaces=NS)), 2)
        top = self.tree(self.made("eudamed_udi_di", devices))
        self.assertEqual(len(top.xpath("m:payload/d:UDIDIData", namespaces=NS)), 3)
        told = self.file("eudamed_device", devices).make()
        self.assertEqual([one["kind"] for one in told["problems"]], ["device"])
        self.assertIn(basic.di_ids[1].name, told["problems"][0]["sentence"])

    def test_gudid_makes_a_document_for_each_device(self):
        one, two = self.full(), self.full()
        file = self.made("gudid_spl", one)
        self.assertTrue(file.file_name.endswith(".xml"))
        top = self.tree(file)
        self.assertEqual(top.tag, "{urn:hl7-org:v3}document")
        self.assertEqual(top.xpath(
            "//spl:manufacturedProduct/spl:manufacturedProduct/spl:code/@code", namespaces=NS),
            [one.name])
        self.assertEqual(top.xpath(
            "//spl:characteristic[spl:code/@code='C101672']/spl:value/@value", namespaces=NS),
            ["true"])
        self.assertEqual(top.xpath("//spl:marketingAct/spl:effectiveTime/spl:low/@value",
                                   namespaces=NS), ["20260102"])
        both = self.made("gudid_spl", one | two)
        with zipfile.ZipFile(io.BytesIO(both._med_content())) as archive:
            self.assertEqual(len(archive.namelist()), 2)
            tops = [etree.fromstring(archive.read(name)) for name in archive.namelist()]
        sets = {top.xpath("spl:setId/@root", namespaces=NS)[0] for top in tops}
        self.assertEqual(len(sets), 2)
        self.assertIn(top.xpath("spl:setId/@root", namespaces=NS)[0], sets)
        self.assertEqual(top.xpath("spl:versionNumber/@value", namespaces=NS), ["1"])
        file.submit("ACK")
        again = self.tree(self.made("gudid_spl", one))
        self.assertEqual(again.xpath("spl:versionNumber/@value", namespaces=NS), ["2"])

    def test_nmpa_spreadsheet_has_chinese_columns_and_words(self):
        di = self.full(kit=False, storage_ids=[Command.create({
            "kind": "temperature", "low": 2, "high": 8, "unit": "celsius"})])
        case = self.di(level="case", contains_id=di.id, contained_quantity=10)
        file = self.made("nmpa_xlsx", di)
        book = load_workbook(io.BytesIO(file._med_content()))
        self.assertEqual(book.sheetnames, ["产品标识", "包装标识信息", "储存或操作条件",
                                           "临床使用尺寸"])
        heads, row = list(book["产品标识"].values)
        values = dict(zip(heads, row, strict=True))
        self.assertEqual(values["最小销售单元产品标识"], di.name)
        self.assertEqual(values["注册证编号或者备案凭证编号"], "国械注准20263140001")
        self.assertEqual(values["是否为包类/组套类产品"], "否")
        self.assertEqual(values["生产标识是否包含批号"], "是")
        self.assertEqual(values["产品类别"], "设备")
        self.assertEqual(list(book["包装标识信息"].values)[1],
                         (di.name, case.name, "箱", "10", di.name))
        self.assertEqual(list(book["储存或操作条件"].values)[1],
                         (di.name, "储存温度", "2", "8", "℃"))

    def test_nmpa_names_are_chinese_whoever_makes_the_file(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.forms["nmpa_xml"].lang = "zh_CN"
        di = self.full(storage_ids=[Command.create({
            "kind": "special", "has_low": False, "has_high": False, "text": "避免震动"})])
        di.product_id.sudo().with_context(lang="zh_CN").name = "输液泵"
        self.assertEqual(self.regulatory.lang, "en_US")
        [device] = self.tree(self.made("nmpa_xml", di)).findall("devices/device")
        self.assertEqual(device.findtext("cpmctymc"), "输液泵")
        self.assertEqual(device.findtext("tscchcztj"), "避免震动")

    def test_nmpa_xml_has_the_same_data(self):
        di = self.full()
        self.di(level="case", contains_id=di.id, contained_quantity=10)
        top = self.tree(self.made("nmpa_xml", di))
        [device] = top.findall("devices/device")
        self.assertEqual(device.findtext("zxxsdycpbs"), di.name)
        self.assertEqual(device.findtext("sfwwjbz"), "否")
        self.assertEqual(device.findtext("packingList/packing/bznhxyjcpbssl"), "10")
        # a limit that the label does not have is no limit of 0
        self.assertIsNone(device.find("storageList/storage/zdz"))
        self.assertEqual(device.findtext("storageList/storage/zgz"), "25")
