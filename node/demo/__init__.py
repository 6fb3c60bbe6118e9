"""The demonstration: a whole network on one machine, driven through public commands and HTTP alone.

Never a second application: `network.py` writes directories and starts processes, `people.py` invents files that a town
would import, `story.py` plays the story and checks each step from outside.
"""
