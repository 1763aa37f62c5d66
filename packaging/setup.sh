# shellcheck shell=bash
# Sets up what Proofreel needs and nothing twice. Sourced by run, test and bench, which call
# `set_up run` or `set_up test` and then find the interpreter in $proofreel_python.
#
# What is missing of the system's packages is installed with apt on Debian and Ubuntu. Python
# packages go into a private environment: .venv of this folder, or $PROOFREEL_VENV.
# PROOFREEL_SKIP_SYSTEM=1 leaves the system's packages alone.
#
# An installation that was cut short is not trusted: while one is under way the lock file beside
# the environment is not empty, and whoever finds it so begins anew.

unset CDPATH PYTHONHOME PYTHONPATH
shopt -s inherit_errexit
proofreel_root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.." && pwd)
proofreel_venv=${PROOFREEL_VENV:-$proofreel_root/.venv}
proofreel_lock=$proofreel_venv.lock
proofreel_python=$proofreel_venv/bin/python

# shellcheck source=system.sh
source -- "$proofreel_root/packaging/system.sh"

say() { printf 'proofreel: %s\n' "$*" >&2; }

fail() {
    printf 'proofreel: %s\n' "$@" >&2
    exit 1
}

is_python() { # COMMAND
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null
}

# Prints the first Python of 3.11 or later; nothing when there is none.
find_python() {
    local name
    for name in python3.11 python3 python3.12 python3.13 python3.14; do
        if is_python "$name"; then
            command -v "$name"
            return
        fi
    done
}

# Tells whether a uv is there, works, and is new enough to pin what builds packages.
usable() { # UV
    local help
    help=$("$1" pip install --help 2> /dev/null) && [[ $help == *--build-constraint* ]]
}

# Waits until no other start sets up this environment; holds the others until this one ends.
take_turn() {
    local place
    place=$(dirname -- "$proofreel_venv")
    if ! mkdir -p -- "$place" 2> /dev/null || ! { exec 9>> "$proofreel_lock"; } 2> /dev/null; then
        fail "the Python packages are to go into $proofreel_venv, but $place cannot be written to." \
            "Name a folder of your own and start again, for example:" \
            "  export PROOFREEL_VENV=\$HOME/.local/share/proofreel-python"
    fi
    if ! flock --nonblock 9; then
        say "another start is setting up $proofreel_venv; waiting for it"
        flock 9
    fi
}

# Tells whether an installation began and never ended.
is_unfinished() { [[ -s $proofreel_lock ]]; }

# Tells whether packages of the environment are found by the interpreter it has now: gone and
# replaced interpreters leave theirs behind.
is_whole() {
    ! is_unfinished && is_python "$proofreel_python" && "$proofreel_python" -c '
import os, sys, sysconfig
sys.exit(not os.path.isdir(sysconfig.get_path("purelib")))
'
}

# Makes the environment unless there is one to add to.
make_environment() { # PYTHON
    if is_whole; then
        return
    fi
    if [[ -e $proofreel_venv && ! -e $proofreel_venv/pyvenv.cfg ]] && ! is_unfinished; then
        fail "$proofreel_venv exists and is no Python environment." \
            "Move it away, or name another folder in PROOFREEL_VENV."
    fi
    printf 'unfinished\n' > "$proofreel_lock"
    rm -rf -- "$proofreel_venv"
    if usable uv; then
        uv venv --quiet --python "$1" "$proofreel_venv"
    else
        "$1" -m venv "$proofreel_venv"
    fi || fail "$1 could not make the environment $proofreel_venv; see above."
}

# Prints the uv to use; one that is missing goes into the environment, from its pinned hash.
find_uv() {
    if usable uv; then
        printf 'uv\n'
        return
    fi
    if ! usable "$proofreel_venv/bin/uv"; then
        # Whoever calls this asks for its outcome, which makes bash go on after failures.
        "$proofreel_python" -m ensurepip > /dev/null || return
        PIP_USER=0 "$proofreel_python" -m pip install --quiet --disable-pip-version-check \
            --require-hashes --requirement "$proofreel_root/packaging/requirements-uv.txt" >&2 ||
            return
    fi
    printf '%s\n' "$proofreel_venv/bin/uv"
}

no_packages() {
    fail "the Python packages could not be installed; see above." \
        "A network connection is needed once. Start again to retry."
}

install_requirements() { # FILE
    local python uv site
    local -a quiet=()
    [[ -t 2 ]] || quiet=(--quiet)
    python=$(find_python)
    [[ -n $python ]] || fail "Python 3.11 or later is needed and was not found."
    make_environment "$python"
    say "installing Python packages into $proofreel_venv (once; may take minutes)"
    printf 'unfinished\n' > "$proofreel_lock"
    uv=$(find_uv) || no_packages
    "$uv" pip install "${quiet[@]}" --python "$proofreel_python" --require-hashes \
        --build-constraints "$proofreel_root/packaging/requirements-build.txt" \
        --requirement "$1" || no_packages
    site=$("$proofreel_python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$proofreel_root" > "$site/proofreel.pth"
}

# Prints what an environment is made of: this checkout, its interpreter, the pins of FILE.
fingerprint() { # FILE
    printf '%s %s ' "$proofreel_root" "$(readlink -f -- "$proofreel_python")"
    sha256sum < "$1"
}

# Tells whether the environment holds what one of the files lists.
is_fresh() { # STAMP FILE...
    local stamp=$1 file
    [[ -r $stamp && -x $proofreel_python ]] && ! is_unfinished || return 1
    shift
    for file in "$@"; do
        [[ $(< "$stamp") != "$(fingerprint "$file")" ]] || return 0
    done
    return 1
}

# Installs the system's packages before the environment is made. Those that are only wished for
# come along with needed ones; alone, they hold nobody up.
prepare_system() { # run|test
    local needed
    needed=$(missing_to_run "$1"; missing_to_build)
    if [[ -n $needed ]]; then
        install_packages < <(printf '%s\n' "$needed" && missing_wishes)
    elif ! (install_packages < <(missing_wishes)); then
        say "going on without; proofreel doctor says what that means for scenes"
    fi
}

set_up() { # run|test
    local kind=$1 packaging=$proofreel_root/packaging began=$SECONDS
    local stamp=$proofreel_venv/proofreel-stamp
    local -a files=("$packaging/requirements-test.txt") # holds what running needs, too
    [[ $kind == test ]] || files=("$packaging/requirements.txt" "${files[@]}")

    if is_fresh "$stamp" "${files[@]}"; then
        install_packages < <(missing_to_run "$kind")
    else
        take_turn
        prepare_system "$kind"
    fi
    if ! is_fresh "$stamp" "${files[@]}"; then
        install_requirements "${files[0]}"
        fingerprint "${files[0]}" > "$stamp"
        : > "$proofreel_lock"
        say "set up in $((SECONDS - began)) s"
    fi
    { exec 9>&-; } 2> /dev/null
}
