# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# The daemons while they start: whether their ports are free, when they serve, how a router follows a router.
# Sourced by bin/lib/host.sh.

# A line for each listening port that somebody else has.
ports_taken() {
  local address
  for address in "${http[@]}" "${https[@]}" "$ssh" "$api"; do
    ss -Hltnp "sport = :${address##*:}" 2>/dev/null | awk -v port="${address##*:}" '
      { who = "another program"; if (match($0, /"[^"]+"/)) who = substr($0, RSTART + 1, RLENGTH - 2); print port " (" who ")" }'
  done | sort -u
}

# Waits until the control plane answers; gives up early when its service ends again and again.
await_api() { # SECONDS
  local deadline=$(($(now_ms) + $1 * 1000)) restarts
  restarts=$(systemctl show -P NRestarts paasd.service)
  until curl -fsS -m 2 -o /dev/null "http://$api/v1/version" 2>/dev/null; do
    [[ $(now_ms) -lt $deadline && $(systemctl show -P NRestarts paasd.service) -lt $((restarts + 3)) ]] || return 1
    sleep 0.1
  done
}

# Runs a command that starts a router, and waits until that one serves: its last step is to put its own control socket in
# the place of the one before.
start_router() { # COMMAND...
  local before deadline=$(($(now_ms) + 300000))
  before=$(stat -c %i "$run/router/control.sock" 2>/dev/null || true)
  "$@"
  until [[ $(stat -c %i "$run/router/control.sock" 2>/dev/null) != "$before" ]]; do
    [[ $(now_ms) -lt $deadline ]] || return 1
    sleep 0.05
  done
}

# A new router for the old one: it ends what is under way, for half a minute at most, while a third one takes what is new.
replace_router() {
  start_router systemctl start "$bridge" || {
    systemctl stop "$bridge"
    show_journal
    fail "The new router does not start; the old one serves on" "Its last words are above."
  }
  start_router systemctl restart paas-routerd.service || fail "The new router does not start" "journalctl -u paas-routerd"
  systemctl stop "$bridge"
}

# The last lines of every daemon, for a start that failed.
show_journal() {
  local unit
  for unit in paas-runtimed paas-routerd "$bridge" paasd; do
    say "--- $unit"
    journalctl --no-pager -q -n 15 -o cat -u "$unit" >&2 || true
  done
}
