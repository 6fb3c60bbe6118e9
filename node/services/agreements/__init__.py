"""A person takes back an agreement, or asks to be erased: everything stops."""
