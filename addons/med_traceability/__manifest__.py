{
    'name': 'Medical Device Traceability',
    'summary': 'Genealogy of every lot and serial: where it came from, where it went, who holds it',
    'version': '19.0.1.0.0',
    'category': 'Supply Chain/Medical Devices',
    'author': 'Open medical device record contributors',
    'license': 'LGPL-3',
    'depends': ['med_base', 'purchase_stock', 'mrp', 'product_expiry'],
    'external_dependencies': {'python': ['weasyprint', 'openpyxl']},
    'data': [
        'security/ir.model.access.csv',
        'security/med_traceability_security.xml',
    ],
    'post_init_hook': 'post_init_hook',
}
