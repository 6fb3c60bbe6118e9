#!/bin/sh
# Make a virtual environment in a folder of its own: `ensure-venv.sh PYTHON VENV`. Where Debian lacks what this needs,
# root has it installed, and anybody else is told what to ask for. What stands at VENV goes first.
set -eu
python=$1
venv=$2

usable() { command -v "$python" >/dev/null 2>&1 && "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; }

if ! usable && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "    Debian's python3 and python3-venv first (a minute or two)"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3 python3-venv >/dev/null
fi
if ! usable; then
    echo "$python with its venv module is missing: as root, run 'apt-get install python3 python3-venv', then start again." >&2
    exit 1
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; $("$python" --version) was found. Name another with 'make PYTHON=python3.11'." >&2
    exit 1
}
mkdir -p "$venv"
if [ ! -e "$venv/pyvenv.cfg" ] && [ ! -e "$venv/.changing" ] && [ -n "$(ls -A "$venv")" ]; then
    echo "$venv holds other things than a virtual environment: name another folder with 'make VENV=...'." >&2
    exit 1
fi
touch "$venv/.changing"
find "$venv" -mindepth 1 -maxdepth 1 ! -name .changing -exec rm -rf {} +
"$python" -m venv "$venv"
