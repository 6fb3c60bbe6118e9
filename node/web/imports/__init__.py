"""/depots/importer: a list of people into the register."""
