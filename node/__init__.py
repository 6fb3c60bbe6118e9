"""One town's installation: its register, its pages and commands, joined to the federation in `app.py`."""

__version__ = "0.1.0"
