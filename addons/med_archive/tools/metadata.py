"""What an archive has to know of a package, as XML and JSON.

The elements follow the groups of metadata that Chinese archives use for electronic records
(文件实体, 业务实体; GB/T 18894, DA/T 46) and the idea of the encapsulated package of DA/T 48
(EEP, 电子文件封装包). The Chinese name stands beside each element. Names and order are from
general knowledge, not from the texts of the standards: the archive maps them to its own form.
"""

import json

from lxml import etree

VERSION = 1
NAMESPACE = "urn:open-medical-device-record:archive:1"
# key: (element, name of it in Chinese)
ELEMENTS = {
    "identifier": ("Identifier", "电子文件号"), "fonds": ("FondsIdentifier", "全宗号"),
    "title": ("Title", "题名"), "aggregation": ("AggregationLevel", "聚合层次"),
    "creator": ("Creator", "责任者"), "date": ("Date", "日期"), "language": ("Language", "语种"),
    "retention": ("RetentionPeriod", "保管期限"), "security": ("SecurityClass", "密级"),
    "subject": ("Subject", "主题"), "product": ("Product", "产品"), "source": ("Source", "来源"),
    "system": ("CreatingSystem", "形成系统"), "audit_proof": ("AuditProof", "审计追踪证明"),
    "previous": ("Previous", "前一封装包"),
}
FILE = (("path", "FileName", "计算机文件名"), ("title", "FileTitle", "文件题名"),
        ("mimetype", "Format", "格式信息"), ("size", "Size", "计算机文件大小"),
        ("sha256", "Digest", "摘要值"))
STEP = (("action", "Action", "业务行为"), ("time", "Time", "行为时间"),
        ("person", "Agent", "机构人员名称"), ("note", "Note", "附注"))
# XML 1.0, 2.2 lets these be in no document.
_CONTROL = {code: None for code in range(32) if code not in (9, 10, 13)}


def as_json(facts):
    """Return the metadata as bytes of JSON, with sorted keys."""
    return json.dumps({"version": VERSION, **facts}, ensure_ascii=False, sort_keys=True,
                      indent=1).encode() + b"\n"


def as_xml(facts):
    """Return the metadata as bytes of XML.

    :param facts: texts by the keys of ``ELEMENTS``; ``files`` and ``steps`` are lists of
        dictionaries with the keys of ``FILE`` and ``STEP``
    """
    top = etree.Element(f"{{{NAMESPACE}}}Package", nsmap={None: NAMESPACE},
                        version=str(VERSION))
    record = _child(top, "Record", "文件实体")
    for key, (name, chinese) in ELEMENTS.items():
        if facts.get(key):
            _child(record, name, chinese, facts[key])
    parts = _child(record, "Files", "文件组成")
    for file in facts.get("files", ()):
        part = _child(parts, "File", "电子文件")
        for key, name, chinese in FILE:
            element = _child(part, name, chinese, file.get(key, ""))
            if key == "sha256":
                element.set("algorithm", "SHA-256")
    business = _child(top, "Business", "业务实体")
    for step in facts.get("steps", ()):
        part = _child(business, "Step", "业务")
        for key, name, chinese in STEP:
            if step.get(key):
                _child(part, name, chinese, step[key])
    return etree.tostring(top, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _child(parent, name, chinese, text=None):
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}", name=chinese)
    if text is not None:
        element.text = str(text).translate(_CONTROL).replace("￾", "").replace("￿", "")
    return element
