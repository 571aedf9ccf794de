{
    'name': 'Medical Device Traceability: Sales',
    'summary': 'Lets every role that reads lots open them where sales are installed',
    'version': '19.0.1.0.0',
    'category': 'Supply Chain/Medical Devices',
    'author': 'Open medical device record contributors',
    'license': 'LGPL-3',
    'depends': ['med_traceability', 'sale_stock'],
    'data': ['security/ir.model.access.csv'],
    'auto_install': True,
}
