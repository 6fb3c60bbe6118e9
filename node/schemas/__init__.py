"""What programs read: the JSON shapes that the API answers and that commands print with `--json`, one and the same.

Built from domain values; nothing here decides anything. Dates are ISO 8601, moments UTC. A field that needs words has
them in its docstring, which is also its description in the OpenAPI document. One module a subject, imported by those
who use it: to make shapes takes a while, and a command prints one or two of them.
"""
