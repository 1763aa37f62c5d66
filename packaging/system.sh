# shellcheck shell=bash
# What Proofreel needs of the system's packages, and how they are installed with apt. Sourced by
# setup.sh. Asks for everything that is missing at once: one password, one command to do by hand.

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
gnome-keyring-daemon gnome-keyring
bwrap bubblewrap
'
# Scenes are confined more tightly with these; everything works without.
wished_commands='
bwrap bubblewrap
'
# pycairo and manimpango have no wheels for Linux and are compiled once.
build_commands='
gcc gcc
pkg-config pkgconf pkg-config
'
# What to install when there is no Python; the lines name the same versions in the same order.
no_python='
python3.11 python3.12 python3
python3.11-dev python3.12-dev python3-dev
python3.11-venv python3.12-venv python3-venv
'

# Seconds to wait while another apt has its lock: systems update themselves after they start.
apt_patience=600

is_root() { [[ $EUID -eq 0 ]]; }

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

missing_to_run() { # run|test
    missing_libraries <<< "$run_libraries"
    missing_commands <<< "$run_commands"
    [[ $1 == run ]] || missing_commands <<< "$test_commands"
}

missing_to_build() {
    local python
    missing_commands <<< "$build_commands"
    [[ -e /usr/include/stdio.h ]] || printf 'libc6-dev\n'
    pkg-config --exists pangocairo cairo 2> /dev/null || printf 'libpango1.0-dev\n'
    python=$(find_python)
    if [[ -n $python ]]; then
        missing_of_python "$python"
    else
        printf '%s' "$no_python"
    fi
}

# A Python of the system keeps its headers and pip in packages of their own; others bring them.
missing_of_python() { # PYTHON
    "$1" -c '
import pathlib, sys, sysconfig
if not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists():
    print("python{}.{}-dev".format(*sys.version_info[:2]), "python3-dev")
'
    if ! usable uv && ! "$1" -c 'import ensurepip' 2> /dev/null; then
        "$1" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info[:2]),
            "python3-venv")'
    fi
}

missing_wishes() { missing_commands <<< "$wished_commands"; }

# Prints the first of the names that apt knows; the last when it knows none.
known_package() { # NAME...
    local name
    for name in "$@"; do
        ! apt-cache show "$name" > /dev/null 2>&1 || break
    done
    printf '%s\n' "$name"
}

# Prints one package for each line.
known_packages() { # LINE...
    local line
    for line in "$@"; do
        # shellcheck disable=SC2086 # a line is several names
        known_package $line
    done
}

# Installs, for each line of stdin, the first package of that line that apt knows.
install_packages() {
    local -a lines names become=()
    mapfile -t lines < <(sed '/^$/d' | sort --unique)
    [[ ${#lines[@]} -gt 0 ]] || return 0
    if [[ ${PROOFREEL_SKIP_SYSTEM:-} ]]; then
        say "missing, but left alone: ${lines[*]}"
        return 0
    fi
    command -v apt-get > /dev/null ||
        fail "these packages (names as in Debian) are missing: ${lines[*]}" \
            "Install them with the package tool of this system and start again;" \
            "PROOFREEL_SKIP_SYSTEM=1 tries without."
    mapfile -t names < <(known_packages "${lines[@]}")
    if ! is_root; then
        become=(sudo)
        command -v sudo > /dev/null ||
            fail "system packages are missing and there is no sudo. As root, run:" \
                "  apt-get update && apt-get install --no-install-recommends ${names[*]}" \
                "and start again; PROOFREEL_SKIP_SYSTEM=1 tries without."
    fi
    say "installing system packages: ${names[*]}"
    apt_install "${lines[@]}" ||
        fail "apt failed; see above. A network connection is needed. Try by hand:" \
            "  ${become[*]:+${become[*]} }apt-get install --no-install-recommends ${names[*]}"
}

# Installs one package for each line; reads the package lists anew when that fails at first.
apt_install() { # LINE...
    local -a names
    mapfile -t names < <(known_packages "$@")
    if apt_get install "${names[@]}" 2> /dev/null; then
        return
    fi
    apt_get update || true # what is known already may be enough
    mapfile -t names < <(known_packages "$@")
    apt_get install "${names[@]}"
}

# Runs apt-get as root, set in install_packages: without questions, and silent unless it fails.
apt_get() { # COMMAND ARGUMENT...
    local -a options=(--yes --quiet=2 --no-install-recommends)
    [[ $1 == install ]] || options=(--quiet=2)
    "${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get "${options[@]}" \
        --option "DPkg::Lock::Timeout=$apt_patience" "$@" > /dev/null
}
