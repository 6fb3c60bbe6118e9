"""Settings of all tests: a property is judged by what it finds, never by how busy the machine is."""

from hypothesis import settings

settings.register_profile("maillon", deadline=None)
settings.load_profile("maillon")
