#!/bin/sh
# Checks what Redress needs from the system and installs what is missing, where it may:
#     scripts/install-system.sh run      for `make run` (also the Dockerfile)
#     scripts/install-system.sh test     for `make test`
# With root or a sudo that asks no password it installs by apt or brew; otherwise it prints the one
# command to type and exits with 1. When nothing is missing it needs no rights and changes nothing.
set -eu

purpose="${1:-run}"
python="${PYTHON:-python3}"
packages=""
missing=""

need() { # need WHAT DEBIAN-PACKAGE BREW-PACKAGE
    missing="$missing
    - $1"
    if [ "$manager" = brew ]; then packages="$packages $3"; else packages="$packages $2"; fi
}

library() { # library NAME-OF-FILE SHORT-NAME
    "$python" - "$1" "$2" 2>/dev/null <<'PYTHON'
import ctypes
import ctypes.util
import sys

try:
    ctypes.CDLL(sys.argv[1])
except OSError:
    sys.exit(0 if ctypes.util.find_library(sys.argv[2]) else 1)
PYTHON
}

cjk_font() {
    if command -v fc-list >/dev/null 2>&1; then
        [ -n "$(fc-list :lang=zh-cn family 2>/dev/null)" ]
    else
        find /usr/share/fonts /usr/local/share/fonts /Library/Fonts /System/Library/Fonts \
            -iname '*cjk*' -o -iname 'PingFang*' 2>/dev/null | grep -q .
    fi
}

browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    [ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ]
}

if command -v apt-get >/dev/null 2>&1; then manager=apt
elif command -v brew >/dev/null 2>&1; then manager=brew
else manager=none
fi

if ! command -v "$python" >/dev/null 2>&1; then
    need "Python 3.11 or later" "python3 python3-venv" python@3.13
else
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        echo "Redress needs Python 3.11 or later, but $python is" \
            "$("$python" -c 'import platform; print(platform.python_version())')." >&2
        echo "Install a newer one and name it: make PYTHON=python3.13 $purpose" >&2
        exit 1
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null || need "Python's venv" python3-venv python@3.13
    library libpango-1.0.so.0 pango-1.0 || need "Pango (lays out PDF)" libpango-1.0-0 pango
    library libpangoft2-1.0.so.0 pangoft2-1.0 || need "PangoFT2 (lays out PDF)" libpangoft2-1.0-0 pango
    library libharfbuzz-subset.so.0 harfbuzz-subset ||
        need "HarfBuzz subsetting (fonts in PDF)" libharfbuzz-subset0 harfbuzz
fi
cjk_font || need "a font with Chinese characters" fonts-noto-cjk "--cask font-noto-sans-cjk-sc"
if [ "$purpose" = test ]; then
    browser || need "Chromium (tests of pages)" chromium "--cask chromium"
    command -v xgettext >/dev/null 2>&1 || need "gettext (collects texts to translate)" gettext gettext
    command -v pdftotext >/dev/null 2>&1 || need "pdftotext (reads PDF back)" poppler-utils poppler
    command -v qpdf >/dev/null 2>&1 || need "qpdf (checks the structure of PDF)" qpdf qpdf
    command -v softhsm2-util >/dev/null 2>&1 || need "SoftHSM (a token for the seal)" softhsm2 softhsm
fi

[ -n "$packages" ] || exit 0
echo "Missing on this system:$missing"

update="apt-get -o DPkg::Lock::Timeout=300 update -qq"
install="apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends$packages"
case "$manager" in
apt)
    export DEBIAN_FRONTEND=noninteractive
    if [ "$(id -u)" = 0 ]; then
        echo "Installing:$packages"
        $update
        $install >/dev/null
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        echo "Installing:$packages"
        sudo -n $update
        sudo -n DEBIAN_FRONTEND=noninteractive $install >/dev/null
    else
        echo "Please type this once, then try again:" >&2
        echo "    sudo sh -c '$update && $install'" >&2
        exit 1
    fi
    ;;
brew)
    echo "Installing:$packages"
    for package in $(echo "$packages" | sed 's/--cask //g'); do brew install "$package"; done
    ;;
*)
    echo "This system has neither apt nor brew. Please install by its own means what Debian calls:" >&2
    echo "   $packages" >&2
    exit 1
    ;;
esac
