#!/bin/sh
# Make the environment what the locks say, or find at once that it is: `set-up.sh PYTHON VENV run|dev`. Nothing is
# resolved: what is in no lock is not installed, however new.
#
# Interrupted anywhere, the next run ends in a right environment. A stamp tells what a finished step was made from. The
# mark `.changing` stands while packages are being changed; whoever finds it makes the environment anew, since pip takes
# a package that was half written for an installed one.
set -eu
cd "$(dirname "$0")/.."
python=$1
venv=$2
case $3 in run) steps=4 ;; dev) steps=5 ;; *) exit 2 ;; esac

# One at a time; a pip that outlived its script holds this too.
if command -v flock >/dev/null 2>&1; then
    exec 9<deploy/set-up.sh
    flock -n 9 || { echo "Another set-up is under way here: waiting for its end" && flock 9; }
fi

say() { echo "$1/$steps $2"; }
pip() { "$venv/bin/python" -m pip --quiet "$@"; }
stamped() { [ "$(cat "$venv/$1" 2>/dev/null)" = "$2" ]; }
stamp() { rm -f "$venv/.changing" && echo "$2" >"$venv/$1"; }

# Another folder, or the Python of Debian's next release, needs another environment.
place() { echo "$PWD $("$venv/bin/python" -c 'import sys; print(*sys.version_info[:2])' 2>/dev/null)"; }
made_from() { cksum deploy/set-up.sh deploy/ensure-venv.sh pyproject.toml node/locales/*/LC_MESSAGES/maillon.po "$@"; }
# With --quiet it would fail without a word.
fits() { said=$("$venv/bin/python" -m pip check) || { echo "$said" >&2 && exit 1; }; }
compiled() { for po in node/locales/*/LC_MESSAGES/maillon.po; do [ -f "${po%.po}.mo" ] || return 1; done; }
packages() { echo "$(grep -c '==' "$1") locked packages (up to a minute, and the time to download them)"; }

for_run=$(made_from requirements.lock)
for_dev=$(made_from requirements.lock requirements-dev.lock)

if [ -e "$venv/.changing" ] || ! stamped .venv-ready "$(place)"; then
    say 1 "Python environment in $venv (about 10 seconds)"
    sh deploy/ensure-venv.sh "$python" "$venv"
    stamp .venv-ready "$(place)"
fi
if ! stamped .run-ready "$for_run" || ! compiled; then
    touch "$venv/.changing"
    rm -f "$venv/.run-ready" "$venv/.dev-ready"
    say 2 "$(packages requirements.lock)"
    pip install --require-hashes --no-deps -r requirements.lock
    say 3 "Maillon itself, and its French texts (about 10 seconds)"
    # As a line of sys.path: what finds packages by code of its own would start with every process.
    pip install --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
    "$venv/bin/pybabel" -q compile -d node/locales -D maillon
    say 4 "Check that everything fits together (a few seconds)"
    fits
    stamp .run-ready "$for_run"
fi
if [ "$3" = dev ] && ! stamped .dev-ready "$for_dev"; then
    touch "$venv/.changing"
    rm -f "$venv/.dev-ready"
    say 5 "What the checks need: $(packages requirements-dev.lock)"
    pip install --require-hashes --no-deps -r requirements-dev.lock
    fits
    stamp .dev-ready "$for_dev"
fi
