"""The entry point of the command `maillon`: runs the command tree, turns failures into one sentence and an exit code.

A traceback is shown only with MAILLON_DEBUG=1. Exit codes are `node.kit.errors.ExitCode`. Read next:
node/cli/__init__.py.
"""

import gc
import os
import sys
from collections.abc import Sequence

from node.kit.errors import ExitCode, NodeError, sentence
from node.kit.i18n import set_language


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line (`sys.argv` when none is given) and end the process with its exit code."""
    # Most of what a command makes is modules, which nobody throws away: to look for garbage among them takes a tenth of
    # its time, and to do so once more at its end another fifth.
    gc.set_threshold(50_000)
    # Otherwise pydantic looks through every installed package for plugins of its own.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    code = run(sys.argv[1:] if arguments is None else arguments)
    gc.freeze()
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run a command line; the exit code."""
    set_language(os.environ.get("MAILLON_LOCALE__LANGUAGE", "fr"))
    import typer

    from node.cli import build
    from node.cli.output import say_error
    from node.cli.usage import translate_words, usage_sentence

    command = typer.main.get_command(build(arguments))
    translate_words(command)
    try:
        outcome = command.main(list(arguments), prog_name="maillon", standalone_mode=False)
        return outcome if isinstance(outcome, int) else ExitCode.OK
    except typer.TyperException as error:
        said = usage_sentence(error)
        if said:
            say_error(said)
        return ExitCode.USAGE
    except (typer.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output went away: nothing more can be said to them, not even by the interpreter's flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.ERROR
    except Exception as error:
        if os.environ.get("MAILLON_DEBUG") == "1":
            raise
        say_error(sentence(error))
        return error.exit_code if isinstance(error, NodeError) else ExitCode.ERROR


if __name__ == "__main__":
    main()
