"""Whether two entries are one person, and two entries made one."""
