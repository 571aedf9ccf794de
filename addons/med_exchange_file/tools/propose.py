"""Which column is which field: by the likeness of names, in English and Chinese. No Odoo."""

import re
import unicodedata
from difflib import SequenceMatcher

ENOUGH = 0.72
# Words that stand above columns of other people's files, and the field's last name they mean.
SAID = {
    "name": "名称 姓名 单位名称 公司名称 企业名称 客户名称 供应商名称 品名 company organisation "
            "organization",
    "code": "编码 编号 代码 客户编码 供应商编码 物料编码 id number no code ref reference",
    "vat": "税号 纳税人识别号 统一社会信用代码 tax taxid vatno vatnumber",
    "tax_number": "税号 纳税人识别号 统一社会信用代码 tax taxid vat vatno vatnumber",
    "registry_number": "注册号 工商注册号 登记号 registration registryno companyno",
    "parent": "上级 上级单位 母公司 parentcompany headoffice", "function": "职务 jobtitle position",
    "is_company": "是否公司 是否单位 iscompany",
    "street": "地址 街道 详细地址 address addr street1 address1",
    "street2": "地址2 address2", "city": "城市 市 town", "state": "省 省份 province region",
    "zip": "邮编 邮政编码 postcode postal postalcode zipcode plz",
    "country": "国家 国别 国家代码 countrycode land",
    "phone": "电话 联系电话 手机 tel telephone mobile phonenumber",
    "email": "邮箱 电子邮箱 电子邮件 mail emailaddress", "website": "网站 网址 url homepage web",
    "language": "语言 lang", "roles": "角色 类型 role type", "contact": "联系人 contactperson",
    "lot": "批号 生产批号 批次 批次号 lotno lotnumber batch batchno batchnumber",
    "serial": "序列号 serialno serialnumber sn",
    "product": "产品 产品编码 物料 item itemno material sku",
    "quantity": "数量 qty count amount", "unit": "单位 计量单位 uom",
    "revision": "版本 rev version",
    "expiry": "有效期 失效日期 有效期至 expiration expirydate expires expirationdate usebydate",
    "manufactured": "生产日期 mfgdate productiondate manufacturingdate dateofmanufacture",
    "owner": "货主 所有者", "place": "库位 仓库 地点 location warehouse",
    "time": "时间 timestamp datetime", "date": "日期", "result": "结果",
    "note": "备注 comment remark", "supplier": "供应商 vendor", "customer": "客户 buyer",
    "value": "值 测量值 measured", "status": "状态 state",
}
EVENT = {"事件时间", "发生时间", "eventtime", "happened", "happenedat", "occurred", "occurredat"}


def plain(text):
    """Return a name without case, accents, spaces and signs."""
    text = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[\W_]+", "", text)


_SAID = {name: {plain(name), *(plain(word) for word in words.split())}
         for name, words in SAID.items()}


def likeness(column, names):
    """Return how like a heading is to the names of a field, 0 to 1."""
    asked = plain(re.sub(r"[\(（\[].*?[\)）\]]", "", column)) or plain(column)
    best = 0.0
    for rank, name in enumerate(names):
        own = plain(name)
        if not own or not asked:
            continue
        known = {own} | (_SAID.get(name.casefold(), set()) if rank == 0 else set())
        if asked in known:
            best = max(best, 1.0 - 0.01 * rank)
        elif len(own) > 3 and len(asked) > 3:
            best = max(best, 0.95 * SequenceMatcher(None, asked, own).ratio())
    return best


def propose(columns, fields):
    """Return ``{pointer: column}``: each column for at most one field, the likest first.

    :param fields: ``[(pointer, [name, title in one language, …]), …]``
    """
    scores = sorted(((likeness(column, names), -index, -place, pointer, column)
                     for place, (pointer, names) in enumerate(fields)
                     for index, column in enumerate(columns)), reverse=True)
    found, used = {}, set()
    for score, _index, _place, pointer, column in scores:
        if score >= ENOUGH and pointer not in found and column not in used:
            found[pointer] = column
            used.add(column)
    return found


def event_column(columns):
    """Return the heading that says when something happened, or ""."""
    return next((column for column in columns if plain(column) in EVENT), "")
