# What the scripts share. Sourced, never run: `. "$(dirname "$0")/lib.sh"`.
#
# Talks to people on stderr, so that stdout stays for results. Colours only on a terminal. Installs what Debian
# calls by name, with sudo when not root, and says exactly what to type where it cannot.
# shellcheck shell=bash

set -Eeuo pipefail
export LC_ALL=C.UTF-8
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
MAILHOST=$ROOT/fixtures/mailhost/mailhost
SELF=${0##*/}
PATH=$PATH:/usr/sbin:/sbin

if [[ -t 2 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
    BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
    BOLD="" DIM="" RED="" GREEN="" PLAIN=""
fi
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
    H1=$'\e[1m' H0=$'\e[0m'
else
    H1="" H0=""
fi

say()  { printf '%s\n' "$*" >&2; }
step() { printf '%s==>%s %s%s%s\n' "$GREEN" "$PLAIN" "$BOLD" "$*" "$PLAIN" >&2; }
warn() { printf '%s%s: %s%s\n' "$RED" "$SELF" "$*" "$PLAIN" >&2; }
die()  { warn "$*"; exit 1; }
heading() { printf '\n%s%s%s\n' "$H1" "$*" "$H0"; }
now()  { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }

# ------------------------------------------------------------------ packages
BUILD_PACKAGES=(libcurl4-openssl-dev libsqlite3-dev libssl-dev libre2-dev libphonenumber-dev libprotobuf-dev
    libzstd-dev pkg-config)
SERVER_PACKAGES=(dovecot-core dovecot-imapd dovecot-lmtpd postfix openssl python3)
TEST_PACKAGES=(strace sqlite3 libgmime-3.0-dev)

installed() { [[ $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) == ii* ]]; }

# need_packages NAME...: installs the missing ones. Postfix asks nothing and no service is started by the installation.
need_packages() {
    local missing=() name as_root=()
    if ! command -v dpkg-query >/dev/null; then
        say "This is no Debian: make sure that you have what Debian calls: $*"
        return 0
    fi
    for name in "$@"; do installed "$name" || missing+=("$name"); done
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "missing Debian packages, and neither root nor sudo here. As root:
    apt-get install --no-install-recommends ${missing[*]}"
        as_root=(sudo)
    fi
    step "installing Debian packages: ${missing[*]}"
    # Services of freshly installed servers stay down: the tests start servers of their own. The policy is taken away again.
    local policy=/usr/sbin/policy-rc.d made=0
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod 755 "$policy"
        made=1
    fi
    local failed=0
    apt_install "${missing[@]}" || { "${as_root[@]}" apt-get update -qq >&2 && apt_install "${missing[@]}"; } || failed=1
    ((made)) && "${as_root[@]}" rm -f "$policy"
    ((failed == 0)) || die "apt-get could not install them. Install by hand, then run this again:
    apt-get install --no-install-recommends ${missing[*]}"
}

apt_install() {
    # The choices are asked only where Postfix is new; env inside sudo, because sudo drops the environment.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}

# ------------------------------------------------------------------ building
need_swift() {
    command -v swift >/dev/null || die "no Swift here. Install the 6.3 toolchain from https://www.swift.org/install/linux/ and put it in PATH."
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    case $version in
        "" | [0-5].* | 6.[0-2]) die "Swift 6.3 or newer is needed, this is ${version:-unknown}: https://www.swift.org/install/linux/" ;;
    esac
}

# build WHAT... : swift build, its progress shown on a terminal, in short lines every 20 s elsewhere.
build() {
    local start log rc=0
    start=$(now)
    log=$(mktemp)
    step "building: swift build $*"
    if [[ -t 2 ]]; then
        (cd "$ROOT" && swift build "$@" </dev/null >&2) || rc=$?
    else
        (cd "$ROOT" && exec swift build "$@" </dev/null >"$log" 2>&1) &
        local pid=$! waited=0
        while kill -0 "$pid" 2>/dev/null; do
            sleep 1
            waited=$((waited + 1))
            ((waited % 20)) || say "    $(tr '\r' '\n' <"$log" | sed '/^$/d' | tail -n 1 | cut -c1-100) ($waited s)"
        done
        wait "$pid" || rc=$?
        if ((rc)); then
            grep -E '(error|warning):' "$log" | head -n 40 >&2 || true
            tail -n 15 "$log" >&2
        fi
    fi
    rm -f "$log"
    ((rc == 0)) || die "the build failed"
    say "    built in $(since "$start") s"
}

# need_postroom [CONFIGURATION]: sets `postroom`, the built program; with POSTROOM=PATH in the environment that one is used.
need_postroom() {
    local configuration=${1:-debug}
    if [[ -n ${POSTROOM:-} ]]; then
        [[ -x $POSTROOM ]] || die "POSTROOM=$POSTROOM cannot be run"
        postroom=$(realpath "$POSTROOM")
        return 0
    fi
    need_packages "${BUILD_PACKAGES[@]}"
    need_swift
    build -c "$configuration" --product postroom
    postroom=$(cd "$ROOT" && swift build -c "$configuration" --show-bin-path)/postroom
}

# ------------------------------------------------------------------ a private mail host
# A base port with all of base..base+99 free; random, so that two scripts at once do not meet.
free_base_port() {
    python3 - <<'P'
import random, socket, sys
need = (24, 25, 26, 27, 28, 43, 65, 80, 87, 93)
for _ in range(200):
    base = random.randrange(20000, 32000, 100)
    held = []
    try:
        for offset in need:
            s = socket.socket()
            held.append(s)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("127.0.0.1", base + offset))
        print(base)
        sys.exit(0)
    except OSError:
        continue
    finally:
        for s in held:
            s.close()
sys.exit("no free ports")
P
}

# start_mailhost DIR [SETTING=VALUE...]: a private Dovecot, Postfix and sink under DIR; sets MH_*; it is stopped when the
# script ends, however it ends.
start_mailhost() {
    local dir=$1
    shift
    AS_ROOT=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "the private Postfix must be started by root, and there is no sudo here"
        AS_ROOT=(sudo)
    fi
    export MAILHOST_DIR=$dir
    trap stop_mailhost EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    "${AS_ROOT[@]}" env MAILHOST_BASE_PORT="$(free_base_port)" MAILHOST_DOMAIN=example.com MAILHOST_QUIET=1 \
        MAILHOST_WHILE_PID=$$ "$@" "$MAILHOST" up "$dir" >&2
    eval "$(mailhost env "$dir")"
}

mailhost() { "${AS_ROOT[@]}" env MAILHOST_DIR="$MAILHOST_DIR" MAILHOST_QUIET=1 "$MAILHOST" "$@"; }

stop_mailhost() {
    local rc=$?
    trap - EXIT
    [[ -z ${MAILHOST_DIR:-} ]] || mailhost down "$MAILHOST_DIR" >&2 || true
    exit "$rc"
}

# new_folder NAME: FOLDER, fresh, and open for the users that the servers run as.
new_folder() {
    FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/postroom-$1.XXXXXX")
    chmod 755 "$FOLDER"
}

# wait_for_sink COUNT: Postfix hands mail on by itself; what it has taken reaches the sink within a moment.
wait_for_sink() {
    local i
    for ((i = 0; i < 150; i++)); do
        (($(mailhost sink) >= $1)) && return 0
        sleep 0.1
    done
}

# sink_readable: FOLDER/sent, a copy of the sink that belongs to us (the sink itself runs as nobody).
sink_readable() {
    [[ ! -e $FOLDER/sent ]] || return 0
    "${AS_ROOT[@]}" cp -r "$MH_SINK_DIR" "$FOLDER/sent"
    "${AS_ROOT[@]}" chown -R "$EUID" "$FOLDER/sent"
    chmod -R u+rwX "$FOLDER/sent"
}

# fill_mailbox COUNT SEED [MAILBOX]: generated mails, written within the last hours, straight into the Maildir of the first
# user (INBOX, or a mailbox beside it): much faster than delivering them. With LABELS=DIR what each is goes there.
fill_mailbox() {
    local count=$1 seed=$2 jobs slice i pids=() base=$MH_DIR/mail/${MH_USER%@*}/Maildir maildir epoch
    maildir=$base${3:+/.$3}
    # One for all slices: a mail that repeats one of another slice has its date too, or it would be no duplicate.
    epoch=$(($(date +%s) - (count < 80000 ? count : 80000)))
    jobs=$(nproc)
    slice=$(((count + jobs - 1) / jobs))
    step "generating $count mails (seed $seed)"
    for ((i = 0; i * slice < count; i++)); do
        # genmail.py dates its mails from 2025 on, four minutes apart; mail that old would get no receipt.
        python3 -c '
import sys
sys.path.insert(0, sys.argv[1])
import genmail
genmail.EPOCH, genmail.STEP = int(sys.argv[2]), 1
sys.argv = ["genmail.py"] + sys.argv[3:]
genmail.main()' "$ROOT/fixtures/mailhost" "$epoch" -n $((count - i * slice < slice ? count - i * slice : slice)) \
            --start $((i * slice)) --seed "$seed" --format maildir --out "$FOLDER/box" \
            ${LABELS:+--labels "$LABELS/$i.json"} 2>/dev/null &
        pids+=($!)
    done
    for i in "${pids[@]}"; do wait "$i" || die "genmail.py failed"; done
    "${AS_ROOT[@]}" mkdir -p "$maildir"
    "${AS_ROOT[@]}" cp -r -l "$FOLDER/box/." "$maildir/"
    rm -rf "$FOLDER/box"
    "${AS_ROOT[@]}" chown -R "$(stat -c %u:%g "$MH_DIR/mail/${MH_USER%@*}")" "$base"
}

# remove_folder: stops the servers and deletes what the run made.
remove_folder() {
    mailhost destroy "$MAILHOST_DIR" >&2
    MAILHOST_DIR=""
    rm -rf "${FOLDER:?}"
}

# write_config DIR STATE [OPTION...]: etc/postroom with this mail host's account, submission and a private store; the
# options are those of private_config.py.
write_config() {
    local dir=$1 state=$2
    shift 2
    mkdir -p -m 700 "$state"
    (set -a; eval "$(mailhost env "$MAILHOST_DIR")"; exec python3 "$ROOT/scripts/private_config.py" "$ROOT/etc/postroom" "$dir" "$state" "$@")
}

# ------------------------------------------------------------------ results
# summary FILE: the last summary object among the JSON lines of `serve --once`.
summary() { grep -a '"event":"summary"' "$1" | tail -n 1 || true; }

# summary_field FILE NAME: one value of it, 0 when it is not there; `replies.accepted` goes one level down.
summary_field() {
    python3 -c '
import json, sys
value = json.loads(sys.argv[1] or "{}")
for key in sys.argv[2].split("."):
    value = value.get(key, 0) if isinstance(value, dict) else 0
print(value)' "$(summary "$1")" "$2"
}

# usage: prints the comment at the head of the script.
usage() {
    sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2
    exit 64
}
