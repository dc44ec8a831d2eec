# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# The three daemons of a throw-away platform: how they are supervised (by systemd, else by runit), started, stopped and
# watched, and which processes are theirs. Sourced by bin/lib/platform.sh.

daemons=(paas-runtimed paas-routerd paasd)
unit_of() { echo "paas-d$1-$2.service"; }

# What a daemon gets of this shell's environment: proxies and certificate authorities, nothing else.
passed_on() {
  local name
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY \
    SSL_CERT_FILE NODE_EXTRA_CA_CERTS JAVA_HOME; do
    [[ -z ${!name:-} ]] || printf ' %s=%q' "$name" "${!name}"
  done
}

write_service() { # K DIR DAEMON UID
  local k=$1 dir=$2 name=$3 uid=$4 become=
  [[ $uid -eq 0 ]] || become="setpriv --reuid=$uid --regid=$uid --clear-groups --no-new-privs "
  mkdir -p "$dir/service/$name/log" "$dir/log/$name"
  {
    echo '#!/bin/sh'
    echo "# $name of the platform in $dir; its pid stays the same through every exec."
    echo 'exec 2>&1'
    # All wait for a router that starts: it is ahead of the host's other sessions until it listens (StartPriority).
    [[ $name != paas-routerd ]] || echo 'echo -10 2>/dev/null >/proc/self/autogroup || true'
    echo 'cd /'
    echo "echo \$\$ >'$dir/run/.$name.pid' && mv '$dir/run/.$name.pid' '$dir/run/$name.pid'"
    echo "exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \\"
    echo "  PAAS_CONFIG='$slots/$k/paas.toml'$(passed_on) \\"
    echo "  $become'$(cat "$slots/$k/product")/bin/$name'"
  } >"$dir/service/$name/run"
  printf '#!/bin/sh\ncd %q\nexec svlogd -tt .\n' "$dir/log/$name" >"$dir/service/$name/log/run"
  # 5 files of 2 MB each at most.
  printf 's2000000\nn5\n' >"$dir/log/$name/config"
  chmod 0700 "$dir/service/$name/run" "$dir/service/$name/log/run"
}

start_unit() { # K DIR DAEMON
  # The runtime's instances live on when it is stopped: only its own process is killed.
  systemd-run --quiet --collect --unit="$(unit_of "$1" "$3")" --property=KillMode=process \
    --property=Restart=always --property=RestartSec=100ms --property=StartLimitIntervalSec=0 \
    --property=TimeoutStopSec=40 --property=LimitNOFILE=65536 "$2/service/$3/run"
}

start_daemons() { # K DIR
  local k=$1 dir=$2 name
  if supervised_by_systemd; then
    for name in "${daemons[@]}"; do start_unit "$k" "$dir" "$name"; done
  else
    (cd "$dir/service" && setsid -f runsvdir -P "$dir/service" >"$dir/log/runsvdir" 2>&1 </dev/null 9>&-)
  fi
}

daemon_known() { [[ " ${daemons[*]} " == *" $1 "* ]] || fail "There is no daemon $1" "One of: ${daemons[*]}."; }

daemon_stop() { # DIR DAEMON
  local dir k
  dir=$(absolute "$1")
  daemon_known "$2"
  k=$(slot_of "$dir") || fail "No platform runs in $dir" "bin/dev list"
  if supervised_by_systemd; then
    systemctl stop "$(unit_of "$k" "$2")"
  else
    sv -w 40 force-stop "$dir/service/$2" >/dev/null
    # A daemon that keeps ending may be down before runsv has read the order; until then, sv start takes the old wish for
    # its own and says nothing, and the daemon stays down.
    local deadline=$(($(now_ms) + 5000))
    while [[ $(sv status "$dir/service/$2") == *"want up"* && $(now_ms) -lt $deadline ]]; do sleep 0.02; done
  fi
}

daemon_start() { # DIR DAEMON
  local dir k
  dir=$(absolute "$1")
  daemon_known "$2"
  k=$(slot_of "$dir") || fail "No platform runs in $dir" "bin/dev list"
  if supervised_by_systemd; then
    start_unit "$k" "$dir" "$2"
  else
    sv start "$dir/service/$2" >/dev/null
  fi
}

platform_alive() { # K
  if supervised_by_systemd; then
    systemctl is-active --quiet "$(unit_of "$1" paasd)"
  else
    [[ -n $(supervisors_of "$(cat "$slots/$1/dir")") ]]
  fi
}

await_api() { # K DIR
  local deadline=$(($(now_ms) + 60000))
  until [[ -s $2/data/db/first-admin.token ]] &&
    curl -fsS -m 2 -o /dev/null "http://127.0.0.1:$api_port/v1/version" 2>/dev/null; do
    [[ $(now_ms) -lt $deadline ]] || return 1
    sleep 0.05
  done
}

# The last lines of every daemon, for a start that failed.
show_logs() { # K DIR
  local name
  for name in "${daemons[@]}"; do
    say "--- $name"
    if supervised_by_systemd; then
      journalctl --no-pager -q -n 15 -u "$(unit_of "$1" "$name")" >&2 || true
    else
      tail -n 15 "$2/log/$name/current" >&2 2>/dev/null || say "(no log)"
    fi
  done
}

# Every process that was started with this platform's settings file, except the monitors, which paas-runtimed --down ends.
processes_of() { # K
  local pid
  while read -r pid; do
    [[ $(cat "/proc/$pid/comm" 2>/dev/null) == conmon ]] || echo "$pid"
  done < <(grep -lzxF "PAAS_CONFIG=$slots/$1/paas.toml" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3)
}

# Supervisors of runit, by the folder they work in.
supervisors_of() { # DIR
  local cwd
  for cwd in /proc/[0-9]*/cwd; do
    case "$(readlink "$cwd" 2>/dev/null)" in
      "$1/service" | "$1/service/"* | "$1/log/"*)
        cwd=${cwd#/proc/}
        echo "${cwd%/cwd}"
        ;;
    esac
  done
}

# A process that has ended but was not yet reaped by its parent counts as gone.
running() { [[ $(cut -d')' -f2 "/proc/$1/stat" 2>/dev/null) == ' '[!ZX]* ]]; }

# kill_and_wait SECONDS PID...: asks, waits, and ends what does not go.
kill_and_wait() {
  local patience=$1 pid deadline
  shift
  [[ $# -gt 0 ]] || return 0
  kill -TERM "$@" 2>/dev/null || true
  deadline=$(($(now_ms) + patience * 1000))
  for pid in "$@"; do
    while running "$pid" && [[ $(now_ms) -lt $deadline ]]; do sleep 0.02; done
  done
  kill -KILL "$@" 2>/dev/null || true
  for pid in "$@"; do
    while running "$pid" && [[ $(now_ms) -lt $((deadline + 5000)) ]]; do sleep 0.02; done
  done
}
