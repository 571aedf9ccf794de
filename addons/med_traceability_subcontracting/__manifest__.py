{
    'name': 'Medical Device Traceability: Subcontracting',
    'summary': 'Names the processor in the genealogy of outsourced processing',
    'version': '19.0.1.0.0',
    'category': 'Supply Chain/Medical Devices',
    'author': 'Open medical device record contributors',
    'license': 'LGPL-3',
    'depends': ['med_traceability', 'mrp_subcontracting'],
    'auto_install': True,
    'post_init_hook': 'post_init_hook',
}
