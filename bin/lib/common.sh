# shellcheck shell=bash disable=SC2034 # whoever sources this uses them
# What the scripts in bin/ share: where the repository is, how they speak, what they refuse. Sourced.
set -euo pipefail
export LC_ALL=C.UTF-8

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
dist=$repo/dist

say() { printf '%s\n' "$*" >&2; }

# fail WHAT FIX: one error, one way out.
fail() {
  say "error: $1"
  [[ -z ${2:-} ]] || say "fix:   $2"
  exit 1
}

need_root() {
  [[ $EUID -eq 0 ]] || fail "$1 starts containers and needs root" "sudo $1"
}

# Milliseconds since the epoch, for durations that people read.
now_ms() {
  local t=${EPOCHREALTIME/[.,]/}
  printf '%s' "${t%???}"
}

# since START_MS: "4.2 s"
since() {
  local d=$(($(now_ms) - $1))
  printf '%d.%d s' $((d / 1000)) $((d % 1000 / 100))
}

# A build by sudo must not leave root's files in somebody's clone.
give_back() {
  if [[ -n ${SUDO_UID:-} && $EUID -eq 0 ]]; then
    # Not dist/store: its files are those of running platforms under a second name.
    find "$@" -path '*/store' -prune -o -exec chown -h "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" {} + 2>/dev/null || true
  fi
}

supervised_by_systemd() { [[ -d /run/systemd/system ]]; }
