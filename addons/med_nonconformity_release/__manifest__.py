{
    "name": "Medical Devices: Nonconformity, Release",
    "summary": "A release names its deviations and waits for open nonconformities",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Medical Devices",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["med_nonconformity", "med_release"],
    "auto_install": True,
}
