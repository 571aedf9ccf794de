"""Who and what there is, as tables: companies, partners, people, products, recipes.

Everything here is fictional and says so: names carry 演示/demo, GTINs the demonstration prefix 952,
certificates the year 2099, mail addresses the reserved domain `.example`.
"""

from dataclasses import dataclass, field

# key: (name, e-mail domain, country, city)
COMPANIES = {
    "lanheng": ("Lanheng Medical 澜衡医疗 (演示/demo)", "lanheng.example", "CN", "澜浦市"),
    "ninglan": ("Ninglan Trading 宁澜商贸 (演示/demo)", "ninglan.example", "CN", "澜浦市"),
    "europe": ("Lanheng Europe GmbH (演示/demo)", "lanheng-europe.example", "DE", "Musterhafen"),
}
CURRENCIES = {"lanheng": "CNY", "ninglan": "CNY", "europe": "EUR"}
WAREHOUSE_CODES = {"lanheng": "LH", "ninglan": "NL", "europe": "EU"}

# key: (name, kind, country, city)
PARTNERS = {
    "velmora": ("Velmora Polymers (演示/demo)", "supplier", "CN", "竹禾市"),
    "xilan": ("汐岚精线 Xilan Fine Wire (演示/demo)", "supplier", "CN", "砚汀市"),
    "juyuan": ("榉原针管 Juyuan Needle (演示/demo)", "supplier", "CN", "云栈市"),
    "weiwan": ("苇湾包装 Weiwan Packaging (演示/demo)", "supplier", "CN", "竹禾市"),
    "shuoyan": ("朔砚钛业 Shuoyan Titanium (演示/demo)", "supplier", "CN", "砚汀市"),
    "tangqi": ("棠岐元件 Tangqi Components (演示/demo)", "supplier", "CN", "云栈市"),
    "sterile": ("澄霁灭菌 Chengji Sterilisation (演示/demo)", "processor", "CN", "竹禾市"),
    "machine": ("砺岑精密 Licen Precision Machining (演示/demo)", "processor", "CN", "砚汀市"),
    "electronics": ("栎芯电子 Lixin Electronics Assembly (演示/demo)", "processor", "CN", "云栈市"),
    "dealer_de": ("Lindenquell Medizinhandel (演示/demo)", "dealer", "DE", "Lindenquell"),
    "dealer_us": ("Tarrowick Medical Supply (演示/demo)", "dealer", "US", "Tarrowick"),
    "dealer_my": ("Serambi Biru Perubatan (演示/demo)", "dealer", "MY", "Serambi Biru"),
    "zhuhe": ("竹禾市第一医院 Zhuhe First Hospital (演示/demo)", "hospital", "CN", "竹禾市"),
    "yanting": ("砚汀市骨科医院 Yanting Orthopaedic Hospital (演示/demo)", "hospital", "CN",
                "砚汀市"),
    "yunzhan": ("云栈市中心医院 Yunzhan Central Hospital (演示/demo)", "hospital", "CN", "云栈市"),
    "lanpu": ("澜浦市儿童医院 Lanpu Children's Hospital (演示/demo)", "hospital", "CN",
                "澜浦市"),
}
CERTIFICATES = {
    "lanheng": "医疗器械生产许可证 演示药监械生产许20990001号 (fictional)",
    "ninglan": "医疗器械经营许可证 演示药监械经营许20990002号 (fictional)",
    "europe": "Importer, SRN DE-IM-209900003 (fictional)",
    "sterile": "ISO 11135 certificate DEMO-2099-0004 (fictional)",
    "machine": "ISO 13485 certificate DEMO-2099-0005 (fictional)",
    "electronics": "ISO 13485 certificate DEMO-2099-0006 (fictional)",
}


@dataclass(frozen=True)
class Product:
    """A product as the catalogue lists it; `gtin` is an item number for `gtin.gtin14`."""

    name: str
    name_zh: str
    tracking: str = "lot"
    uom: str = "uom.product_uom_unit"
    category: str = "material"
    shelf_days: int = 0
    price: float = 1.0
    gtin: int = 0
    packaging: dict = field(default_factory=dict)
    description: str = ""
    description_zh: str = ""
    resupply: bool = False


PRODUCTS = {
    "tpu": Product("TPU pellets, radiopaque", "不透射线 TPU 粒料", uom="uom.product_uom_kgm",
                   shelf_days=730, price=96),
    "wire": Product("Guide wire 0.035 in, J tip", "导丝 0.035 英寸 J 形头", shelf_days=1095,
                    price=14),
    "needle": Product("Introducer needle 18G", "穿刺针 18G", shelf_days=1095, price=2.4),
    "pouch": Product("Header pouch, sterile barrier", "透析窗灭菌袋", shelf_days=1460, price=0.9),
    "label": Product("UDI label, catheter kit", "导管包 UDI 标签", price=0.1),
    "bar": Product("Titanium bar Ti-6Al-4V ELI, 12 mm", "Ti-6Al-4V ELI 钛合金棒 12 mm",
                   uom="uom.product_uom_meter", price=820, resupply=True),
    "pcb": Product("Bare circuit board, pump control", "输注泵控制板裸板", price=11, resupply=True),
    "mcu": Product("Microcontroller", "微控制器", price=18, resupply=True),
    "sensor": Product("Pressure sensor board", "压力传感板", tracking="serial", price=65),
    "motor": Product("Stepper motor", "步进电机", price=42),
    "housing": Product("Pump housing", "泵壳体", price=33),
    "tubing": Product("Catheter tubing 7 Fr, extruded", "7 Fr 导管挤出管", tracking="none",
                      uom="uom.product_uom_meter", category="intermediate"),
    "body": Product("Catheter body 7 Fr x 20 cm", "导管本体 7 Fr × 20 cm",
                    category="intermediate"),
    "kit_ns": Product("Central venous catheter kit, not sterile", "中心静脉导管包（未灭菌）",
                      category="intermediate", resupply=True),
    "blank": Product("Plate blank, machined", "接骨板机加工坯", category="intermediate"),
    "coupon": Product("Test coupon of a plate order", "接骨板随批试样", category="intermediate"),
    "board": Product("Pump control board", "输注泵控制板", tracking="serial",
                     category="intermediate"),
    "kit": Product(
        "Central venous catheter kit, EO sterile", "一次性使用无菌中心静脉导管包（环氧乙烷灭菌）",
        category="device", shelf_days=540, price=180, gtin=1,
        packaging={"Box of 10 (demo)": (10, 1), "Carton of 100 (demo)": (100, 2)},
        description="Class III, single use, EO sterile. Registration 国械注准20993030001 "
                    "(fictional); CE DEMO-2099-0011 (fictional).",
        description_zh="第三类，一次性使用，环氧乙烷灭菌。注册证号：国械注准20993030001（虚构）。"),
    "plate": Product(
        "Titanium locking plate, 8 holes", "钛合金锁定接骨板 8 孔", tracking="serial",
        category="device", price=2600, gtin=2,
        description="Class III implant, not sterile. Registration 国械注准20993130002 (fictional). "
                    "The batch of the bar stands in the genealogy of each serial number.",
        description_zh="第三类植入物，非无菌提供。注册证号：国械注准20993130002（虚构）。"),
    "pump": Product(
        "Infusion pump LP-2", "输注泵 LP-2", tracking="serial", category="device", price=6800,
        gtin=3,
        description="Class II, software 2.3.1 (release 2). Registration 国械注准20992140003 "
                    "(fictional).",
        description_zh="第二类，软件完整版本 2.3.1，发布版本 2。"
                       "注册证号：国械注准20992140003（虚构）。"),
}

# Who sells what: product -> suppliers, the first one in the ordinary case.
SOURCES = {
    "tpu": ["velmora"], "wire": ["xilan"], "needle": ["juyuan", "xilan"], "pouch": ["weiwan"],
    "label": ["weiwan"], "bar": ["shuoyan"], "pcb": ["tangqi"], "mcu": ["tangqi"],
    "sensor": ["tangqi"], "motor": ["tangqi"], "housing": ["velmora"],
    "kit": ["sterile"], "blank": ["machine"], "board": ["electronics"],
}

# key: (name, Chinese name)
WORK_CENTRES = {
    "extrusion": ("Extrusion line 1", "挤出线 1"),
    "forming": ("Tip forming cell", "尖端成型单元"),
    "assembly": ("Clean room assembly, ISO 7", "洁净装配间 ISO 7 级"),
    "sealing": ("Pouch sealer 2", "封口机 2"),
    "passivation": ("Passivation bath", "钝化槽"),
    "laser": ("Laser marker", "激光打标机"),
    "bench": ("Pump assembly bench", "输注泵装配台"),
    "test": ("Pump test bench", "输注泵测试台"),
}

# product: (quantity, {component: quantity}, [(work centre, operation, 中文, minutes)], processor,
#           {by-product: quantity})
RECIPES = {
    "tubing": (100, {"tpu": 2}, [("extrusion", "Extrude", "挤出", 45)], "", {}),
    "body": (1, {"tubing": 0.25}, [("forming", "Form the tip", "尖端成型", 1)], "", {}),
    "kit_ns": (1, {"body": 1, "wire": 1, "needle": 1, "pouch": 1, "label": 1},
               [("assembly", "Assemble the kit", "导管包装配", 2),
                ("sealing", "Seal the pouch", "封口", 1)], "", {}),
    "kit": (1, {"kit_ns": 1}, [], "sterile", {}),
    "blank": (1, {"bar": 0.2}, [], "machine", {}),
    "plate": (1, {"blank": 1}, [("passivation", "Passivate", "钝化", 8),
                                ("laser", "Mark", "激光打标", 3)], "", {"coupon": 0.1}),
    "board": (1, {"pcb": 1, "mcu": 1}, [], "electronics", {}),
    "pump": (1, {"board": 1, "sensor": 1, "housing": 1, "motor": 1},
             [("bench", "Assemble the pump", "整机装配", 40),
              ("test", "Functional test", "功能测试", 25)], "", {}),
}

_STOCK, _MRP = "stock.group_stock_user", "mrp.group_mrp_user"
_BUY, _SELL = "purchase.group_purchase_user", "sales_team.group_sale_salesman_all_leads"
# With mrp_account, posting an order in parts reads journal entries and analytic lines, which a
# manufacturing user may not.
_ACCOUNTS = "account.group_account_readonly"
# login: (role, name, core groups). Ordering and receiving subcontracted goods makes orders of
# manufacturing, for which Odoo wants that right too.
PEOPLE = {
    "viewer": ("viewer", "闻青禾 Wen Qinghe", []),
    "warehouse": ("warehouse", "仓晓岚 Cang Xiaolan", [_STOCK, _MRP]),
    "operator": ("operator", "柯以安 Ke Yian", [_MRP]),
    "operator2": ("operator", "戚南星 Qi Nanxing", [_MRP]),
    "operator3": ("operator", "麦冬阳 Mai Dongyang", [_MRP]),
    "shift_leader": ("shift_leader", "班岳 Ban Yue", [_MRP, _STOCK, _ACCOUNTS]),
    "inspector": ("inspector", "简书宁 Jian Shuning", [_STOCK]),
    "purchasing": ("purchasing", "采薇 Cai Wei", [_BUY, _STOCK, _MRP]),
    "qa": ("qa", "质清扬 Zhi Qingyang", [_STOCK]),
    "qa_release": ("qa_release", "方既明 Fang Jiming", [_STOCK]),
    "regulatory": ("regulatory", "卢知章 Lu Zhizhang", []),
    "metrology": ("metrology", "量衡 Liang Heng", []),
    "auditor": ("auditor", "Erika Mustermann", []),
    "system_admin": ("system_admin", "管维 Guan Wei", ["base.group_system"]),
    "sales": ("viewer", "荀一舟 Xun Yizhou", [_SELL, _STOCK]),
}
WHOLE_GROUP = {"warehouse", "purchasing", "sales", "qa", "qa_release", "regulatory", "auditor",
               "viewer", "system_admin"}
