# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# The end of a throw-away platform: its daemons stop, what they made on the host goes, and what is left is named.
# Sourced by bin/lib/platform.sh.

# What of platform K is still on the host, one thing a line.
left_of() { # K
  local id dir
  id=$(id_of "$1")
  dir=$(cat "$slots/$1/dir")
  processes_of "$1" | sed 's/^/process /'
  local pid
  for pid in /proc/[0-9]*; do
    local uid
    uid=$(stat -c %u "$pid" 2>/dev/null) || continue
    if [[ $uid -ge $(base_uid_of "$1") && $uid -lt $(base_uid_of $(($1 + 1))) ]]; then
      echo "process ${pid#/proc/} of uid $uid"
    fi
  done
  awk -v dir="$dir/" 'index($5, dir) == 1 { print "mount " $5 }' /proc/self/mountinfo
  find /sys/fs/cgroup -maxdepth 4 -type d -name "paas-$id" 2>/dev/null | sed 's/^/cgroup /'
  nft list tables 2>/dev/null | awk -v name="paas-$id" '$3 == name { print "nft table " $3 }'
  ip -br link 2>/dev/null | awk -v id="$id" '$1 ~ "^v" id "-" { print "link " $1 }'
  ip route show 2>/dev/null | awk -v first="10.214.$((4 * $1))." '
    $1 == "unreachable" { $1 = $2 } index($1, first) == 1 { print "route " $1 }'
}

platform_down() {
  local dir k name pids
  dir=$(absolute "$1")
  if ! k=$(slot_of "$dir"); then
    # Taken down before, or never up: nothing of ours is here.
    return 0
  fi
  if supervised_by_systemd; then
    for name in paasd paas-routerd paas-runtimed; do
      systemctl stop --no-block "$(unit_of "$k" "$name")" 2>/dev/null || true
    done
  else
    # runsvdir first, or it starts new supervisors; a supervisor ends when its daemon has.
    mapfile -t pids < <(supervisors_of "$dir")
    for pid in "${pids[@]}"; do
      [[ $(cat "/proc/$pid/comm" 2>/dev/null) != runsvdir ]] || kill -TERM "$pid" 2>/dev/null || true
    done
    mapfile -t pids < <(supervisors_of "$dir")
    [[ ${#pids[@]} -eq 0 ]] || kill -TERM "${pids[@]}" 2>/dev/null || true
  fi
  mapfile -t pids < <(processes_of "$k")
  kill_and_wait 5 "${pids[@]}"
  if supervised_by_systemd; then
    for name in "${daemons[@]}"; do
      systemctl stop "$(unit_of "$k" "$name")" 2>/dev/null || true
      systemctl reset-failed "$(unit_of "$k" "$name")" 2>/dev/null || true
    done
  else
    mapfile -t pids < <(supervisors_of "$dir")
    kill_and_wait 3 "${pids[@]}"
  fi
  local program
  program=$(cat "$slots/$k/product" 2>/dev/null || true)/bin/paas-runtimed
  [[ -x $program ]] || program=$dist/bin/paas-runtimed
  if [[ -f $slots/$k/paas.toml && -x $program ]]; then
    PAAS_CONFIG="$slots/$k/paas.toml" "$program" --down >"$slots/$k/down.log" 2>&1 </dev/null ||
      { cat "$slots/$k/down.log" >&2; say "note: paas-runtimed --down ended with an error."; }
  fi
  local left
  left=$(left_of "$k")
  if [[ -n $left ]]; then
    say "$left"
    fail "Platform $(id_of "$k") has left things on this host" "Remove what is named above, then: bin/dev down $dir"
  fi
  # Only what up has made, by name; DIR itself when that empties it.
  rm -rf --one-file-system "$dir/data" "$dir/run" "$dir/log" "$dir/service" "$dir/product" \
    "$dir/env.sh" "$dir/id" "$dir/id.pub" "$dir/known_hosts" "$dir/known_hosts.old" "$dir/paas.toml"
  rmdir "$dir" 2>/dev/null || true
  rm -rf "${slots:?}/$k"
  rmdir "$slots" 2>/dev/null || true
}
