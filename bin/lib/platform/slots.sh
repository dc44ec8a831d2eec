# shellcheck shell=bash disable=SC2034 # whoever sources this uses them
# What a throw-away platform has for itself on this host. Sourced by bin/lib/platform.sh.
#
# A slot is a folder /run/paas-dev/K, made atomically. It gives the platform what must differ on one host: the id dK,
# the network 10.214.(4K).0/22, a range of uids, ports. It keeps the settings file, so that a platform can be cleaned up
# even when its folder was deleted under it.

slots=/run/paas-dev
slot_count=16

slot_of() { # DIR -> K
  local k
  for ((k = 0; k < slot_count; k++)); do
    if [[ -f $slots/$k/dir && $(cat "$slots/$k/dir") == "$1" ]]; then
      echo "$k"
      return 0
    fi
  done
  return 1
}

take_slot() { # DIR -> K
  local k
  mkdir -p "$slots"
  for ((k = 0; k < slot_count; k++)); do
    if mkdir -m 0711 "$slots/$k" 2>/dev/null; then
      printf '%s\n' "$1" >"$slots/$k/dir"
      echo "$k"
      return 0
    fi
  done
  # All taken: a dead one is cleaned up, then its slot is free.
  for ((k = 0; k < slot_count; k++)); do
    if [[ -f $slots/$k/dir ]] && ! platform_alive "$k"; then
      (platform_down "$(cat "$slots/$k/dir")") || continue
      if mkdir -m 0711 "$slots/$k" 2>/dev/null; then
        printf '%s\n' "$1" >"$slots/$k/dir"
        echo "$k"
        return 0
      fi
    fi
  done
  fail "All $slot_count platforms of this host are taken" "bin/dev list, then bin/dev down DIR for one that is not needed."
}

absolute() { realpath -m -- "$1"; }
id_of() { echo "d$1"; }
base_uid_of() { echo $((1000000000 + $1 * 16777216)); }
control_uid_of() { echo $(($(base_uid_of "$1") + 1)); }
router_uid_of() { echo $(($(base_uid_of "$1") + 2)); }

# A free loopback port at or after $1.
free_port() {
  local port=$1
  while [[ -n $(ss -Hltn "sport = :$port") ]]; do port=$((port + 7)); done
  echo "$port"
}
