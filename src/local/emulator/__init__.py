"""The local AWS: moto's server with plugins, so that the unchanged lake deploys and runs here.

`python -m emulator --help` says how it is started; `plugins/` has one module a service, each
patch with the gap in moto that it closes.
"""
