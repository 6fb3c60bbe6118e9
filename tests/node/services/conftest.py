"""The stage of three nodes, for the stories of this folder."""

from tests.node.stage import stage, templates, town

__all__ = ["stage", "templates", "town"]
