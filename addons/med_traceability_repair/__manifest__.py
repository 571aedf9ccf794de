{
    'name': 'Medical Device Traceability: Repair',
    'summary': 'Parts fitted and removed by a repair, in the genealogy of the unit',
    'version': '19.0.1.0.0',
    'category': 'Supply Chain/Medical Devices',
    'author': 'Open medical device record contributors',
    'license': 'LGPL-3',
    'depends': ['med_traceability', 'repair'],
    'data': ['security/ir.model.access.csv', 'data/med_audit_policy_data.xml'],
    'auto_install': True,
    'post_init_hook': 'post_init_hook',
}
