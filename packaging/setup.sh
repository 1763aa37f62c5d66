# shellcheck shell=bash
# Sets up what Proofreel needs and nothing twice. Sourced by run, test and bench, which call
# `set_up run` or `set_up test` and then find the interpreter in $proofreel_python.
#
# What is missing of the system's packages is installed with apt on Debian and Ubuntu. Python
# packages go into a private environment: .venv of this folder, or $PROOFREEL_VENV.
# PROOFREEL_SKIP_SYSTEM=1 leaves the system's packages alone.

proofreel_root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
proofreel_venv=${PROOFREEL_VENV:-$proofreel_root/.venv}
proofreel_python=$proofreel_venv/bin/python
unset PYTHONHOME PYTHONPATH
shopt -s inherit_errexit

# Library or command, and the packages that may bring it; the first that exists is installed.
run_libraries='
libEGL.so.1 libegl1
libGL.so.1 libgl1
libglib-2.0.so.0 libglib2.0-0t64 libglib2.0-0
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libfreetype.so.6 libfreetype6
libbrotlidec.so.1 libbrotli1
libX11.so.6 libx11-6
libX11-xcb.so.1 libx11-xcb1
libxkbcommon.so.0 libxkbcommon0
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render.so.0 libxcb-render0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-shm.so.0 libxcb-shm0
libxcb-sync.so.1 libxcb-sync1
libxcb-util.so.1 libxcb-util1
libxcb-xfixes.so.0 libxcb-xfixes0
libxcb-xkb.so.1 libxcb-xkb1
libwayland-client.so.0 libwayland-client0
libwayland-cursor.so.0 libwayland-cursor0
libpangocairo-1.0.so.0 libpangocairo-1.0-0
libpangoft2-1.0.so.0 libpangoft2-1.0-0
'
run_commands='
fc-list fontconfig
'
test_commands='
Xvfb xvfb
dbus-run-session dbus-daemon dbus
'
# pycairo and manimpango have no wheels for Linux and are compiled once.
build_commands='
gcc gcc
pkg-config pkgconf pkg-config
'

say() { printf 'proofreel: %s\n' "$*" >&2; }

fail() {
    printf 'proofreel: %s\n' "$@" >&2
    exit 1
}

# Prints the lines of stdin whose first word, a command, is not there.
missing_commands() {
    local command packages
    while read -r command packages; do
        if [[ -n $command ]] && ! command -v "$command" > /dev/null; then
            printf '%s\n' "$packages"
        fi
    done
}

# Prints the lines of stdin whose first word, a library, the loader does not know.
missing_libraries() {
    local library packages known
    known=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p)
    while read -r library packages; do
        if [[ -n $library && $known != *$'\t'"$library "* ]]; then
            printf '%s\n' "$packages"
        fi
    done
}

missing_build_packages() { # PYTHON
    missing_commands <<< "$build_commands"
    [[ -e /usr/include/stdio.h ]] || printf 'libc6-dev\n'
    if ! pkg-config --exists pangocairo cairo 2> /dev/null; then
        printf 'libpango1.0-dev\n'
    fi
    # A Python of the system keeps its headers in a package of its own; others bring theirs.
    "$1" -c '
import pathlib, sys, sysconfig
if not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists():
    print("python{}.{}-dev".format(*sys.version_info[:2]), "python3-dev")
'
}

# Prints the first of the names that apt knows; the last when it knows none.
known_package() { # NAME...
    local name
    for name in "$@"; do
        ! apt-cache show "$name" > /dev/null 2>&1 || break
    done
    printf '%s\n' "$name"
}

# Installs, for each line of stdin, the first package of that line that apt knows.
install_packages() {
    local -a lines names=() become=()
    local line
    mapfile -t lines < <(sort --unique)
    [[ ${#lines[@]} -gt 0 ]] || return 0
    if [[ ${PROOFREEL_SKIP_SYSTEM:-} ]]; then
        say "missing, but left alone: ${lines[*]}"
        return 0
    fi
    command -v apt-get > /dev/null ||
        fail "these packages (names as in Debian) are missing: ${lines[*]}" \
            "Install them with the package tool of this system and start again;" \
            "PROOFREEL_SKIP_SYSTEM=1 tries without."
    if [[ $EUID -ne 0 ]]; then
        become=(sudo)
    fi
    for line in "${lines[@]}"; do
        # shellcheck disable=SC2086 # a line is several names
        names+=("$(known_package $line)")
    done
    local -a by_hand=("${become[@]}" apt-get install --no-install-recommends "${names[@]}")
    [[ $EUID -eq 0 ]] || command -v sudo > /dev/null ||
        fail "system packages are missing and there is no sudo. As root, run:" "  ${by_hand[*]:1}"
    say "installing system packages: ${names[*]}"
    apt_install "${become[@]}" -- "${lines[@]}" || fail "apt failed. Try by hand:" "  ${by_hand[*]}"
}

# Installs one package for each line; reads the package lists anew when that fails at first.
apt_install() { # [sudo] -- LINE...
    local -a become=() names
    local attempt line
    if [[ $1 == sudo ]]; then
        become=(sudo)
        shift
    fi
    shift
    for attempt in as_is updated; do
        if [[ $attempt == updated ]]; then
            "${become[@]}" apt-get update --quiet=2 || return
        fi
        names=()
        for line in "$@"; do
            # shellcheck disable=SC2086 # a line is several names
            names+=("$(known_package $line)")
        done
        if "${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 \
            --no-install-recommends "${names[@]}" > /dev/null; then
            return 0
        fi
    done
    return 1
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

# Makes the environment when it is not there or its interpreter is gone.
make_environment() { # PYTHON
    if is_python "$proofreel_python"; then
        return
    fi
    if [[ -e $proofreel_venv && ! -e $proofreel_venv/pyvenv.cfg ]]; then
        fail "$proofreel_venv exists and is no Python environment." \
            "Move it away, or name another folder in PROOFREEL_VENV."
    fi
    rm -rf -- "$proofreel_venv"
    if usable uv; then
        uv venv --quiet --python "$1" "$proofreel_venv"
    else
        if ! "$1" -c 'import ensurepip' 2> /dev/null; then
            "$1" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info[:2]),
                "python3-venv")' | install_packages
        fi
        "$1" -m venv "$proofreel_venv"
    fi
}

# Tells whether a uv is there, works, and is new enough to pin what builds packages.
usable() { # UV
    local help
    help=$("$1" pip install --help 2> /dev/null) && [[ $help == *--build-constraint* ]]
}

# Prints the uv to use; one that is missing goes into the environment, from its pinned hash.
find_uv() {
    if usable uv; then
        printf 'uv\n'
        return
    fi
    if ! usable "$proofreel_venv/bin/uv"; then
        "$proofreel_python" -m ensurepip > /dev/null
        "$proofreel_python" -m pip install --quiet --disable-pip-version-check \
            --require-hashes --requirement "$proofreel_root/packaging/requirements-uv.txt" >&2
    fi
    printf '%s\n' "$proofreel_venv/bin/uv"
}

install_requirements() { # FILE
    local python uv site
    local -a quiet=()
    [[ -t 2 ]] || quiet=(--quiet)
    python=$(find_python)
    if [[ -z $python ]]; then
        printf 'python3.11 python3.12 python3\n' | install_packages
        python=$(find_python)
        [[ -n $python ]] || fail "Python 3.11 or later is needed and was not found."
    fi
    install_packages < <(missing_build_packages "$python")
    make_environment "$python"
    uv=$(find_uv)
    say "installing Python packages into $proofreel_venv (once; may take minutes)"
    "$uv" pip install "${quiet[@]}" --python "$proofreel_python" --require-hashes \
        --build-constraints "$proofreel_root/packaging/requirements-build.txt" \
        --requirement "$1" ||
        fail "the Python packages could not be installed; see above. Start again to retry."
    site=$("$proofreel_python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$proofreel_root" > "$site/proofreel.pth"
}

fingerprint() { # FILE
    printf '%s ' "$proofreel_root"
    sha256sum < "$1"
}

# Tells whether the environment holds what one of the files lists.
is_fresh() { # STAMP FILE...
    local stamp=$1 file
    [[ -r $stamp && -x $proofreel_python ]] || return 1
    shift
    for file in "$@"; do
        [[ $(< "$stamp") != "$(fingerprint "$file")" ]] || return 0
    done
    return 1
}

set_up() { # run|test
    local kind=$1 packaging=$proofreel_root/packaging
    local stamp=$proofreel_venv/proofreel-stamp
    local -a files=("$packaging/requirements-test.txt") # holds what running needs, too
    [[ $kind == test ]] || files=("$packaging/requirements.txt" "${files[@]}")

    install_packages < <(
        missing_libraries <<< "$run_libraries"
        missing_commands <<< "$run_commands"
        [[ $kind == run ]] || missing_commands <<< "$test_commands"
    )
    if is_fresh "$stamp" "${files[@]}"; then
        return
    fi
    mkdir -p -- "$(dirname -- "$proofreel_venv")"
    exec 9> "$proofreel_venv.lock"
    flock 9
    if ! is_fresh "$stamp" "${files[@]}"; then
        local began=$SECONDS
        install_requirements "${files[0]}"
        fingerprint "${files[0]}" > "$stamp"
        say "set up in $((SECONDS - began)) s"
    fi
    exec 9>&-
}
