{
    "name": "Cheap Hash of Test Servers",
    "version": "19.0.1.0.0",
    "author": "Open medical device record contributors",
    "license": "LGPL-3",
    "depends": ["base"],
    "installable": False,
}
