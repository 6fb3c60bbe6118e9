"""`maillon serve`: the node's web server and its scheduled jobs, until a signal says stop."""

from pathlib import Path

import typer

from node.cli.frame import ConfigOption, load_config
from node.kit.i18n import gettext as _


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("serve", help=_("Serve peers, the API and the status page, and run the scheduled syncs."))
    def serve(config: ConfigOption = Path()) -> None:
        from node.app import open_node
        from node.kit.logging import configure_server
        from node.server import serve as run

        loaded = load_config(config)
        configure_server(loaded.log.level)
        node = open_node(loaded)
        try:
            run(node)
        finally:
            node.close()
