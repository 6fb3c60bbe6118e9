#!/bin/sh
# Make a virtual environment; on a bare Debian, install the package that `python3 -m venv` needs first.
set -eu
python=$1
venv=$2
if ! command -v "$python" >/dev/null 2>&1 || ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3 python3-venv >/dev/null
    else
        echo "Python 3.11 with its venv module is missing: as root, run 'apt-get install python3 python3-venv', then start again." >&2
        exit 1
    fi
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; $("$python" --version) was found. Name another with 'make PYTHON=python3.11'." >&2
    exit 1
}
"$python" -m venv "$venv"
