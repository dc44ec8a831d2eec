# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# One throw-away platform: its slot on the host, its folder, its daemons. Sourced by bin/dev.
#
# A slot is a folder /run/paas-dev/K, made atomically. It gives the platform what must differ on one host: the id dK,
# the network 10.214.(4K).0/22, a range of uids, ports. It keeps the settings file, so that a platform can be cleaned up
# even when its folder was deleted under it.

slots=/run/paas-dev
slot_count=16
daemons=(paas-runtimed paas-routerd paasd)

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

absolute() { realpath -m -- "$1"; }
id_of() { echo "d$1"; }
base_uid_of() { echo $((1000000000 + $1 * 16777216)); }
control_uid_of() { echo $(($(base_uid_of "$1") + 1)); }
router_uid_of() { echo $(($(base_uid_of "$1") + 2)); }
unit_of() { echo "paas-d$1-$2.service"; }

# ---------------------------------------------------------------- processes

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

platform_alive() { # K
  if supervised_by_systemd; then
    systemctl is-active --quiet "$(unit_of "$1" paasd)"
  else
    [[ -n $(supervisors_of "$(cat "$slots/$1/dir")") ]]
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

start_unit() { # K DIR DAEMON
  # The runtime's instances live on when it is stopped: only its own process is killed.
  systemd-run --quiet --collect --unit="$(unit_of "$1" "$3")" --property=KillMode=process \
    --property=Restart=always --property=RestartSec=100ms --property=StartLimitIntervalSec=0 \
    --property=TimeoutStopSec=40 --property=LimitNOFILE=65536 "$2/service/$3/run"
}

# ---------------------------------------------------------------- up

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

# A free loopback port at or after $1.
free_port() {
  local port=$1
  while [[ -n $(ss -Hltn "sport = :$port") ]]; do port=$((port + 7)); done
  echo "$port"
}

# The daemons' users are strangers to DIR's parents: they must be able to pass.
check_passable() { # DIR
  local above
  above=$(dirname "$1")
  while [[ $above != / ]]; do
    if [[ $((0$(stat -c %a "$above") & 1)) -eq 0 ]]; then
      fail "The daemons' own users can't pass through $above" "Use a folder below /tmp or /var/lib, or: chmod o+x $above"
    fi
    above=$(dirname "$above")
  done
}

folder() { # OWNER:GROUP MODE PATH
  mkdir -p "$3"
  chown "$1" "$3"
  chmod "$2" "$3"
}

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

write_settings() { # K DIR FAULT_POINTS
  local k=$1 dir=$2
  cat >"$slots/$k/paas.toml" <<TOML
# The throw-away platform in $dir, written by bin/dev.
[platform]
id = "$(id_of "$k")"
domain = "localhost"
data = "$dir/data"
run = "$dir/run"
control-user = "$(control_uid_of "$k")"
router-user = "$(router_uid_of "$k")"

[api]
listen = "127.0.0.1:$api_port"
fault-points = $3

[ssh]
listen = "127.0.0.1:$ssh_port"

[router]
http = "127.0.0.1:$http_port"

[runtime]
network = "10.214.$((4 * k)).0/22"
uid-base = $(($(base_uid_of "$k") + 65536))
uid-ranges = 200
TOML
  chmod 0644 "$slots/$k/paas.toml"
  ln -sfn "$slots/$k/paas.toml" "$dir/paas.toml"
}

write_environment() { # K DIR TOKEN
  local k=$1 dir=$2
  cat >"$dir/env.sh" <<SH
# Source this: the platform in $dir.
export PAAS_API='http://127.0.0.1:$api_port'
export PAAS_TOKEN='$3'
export PAAS_DOMAIN='localhost'
export PAAS_SSH_PORT='$ssh_port'
export PAAS_HTTP_PORT='$http_port'
export PAAS_KEY='$dir/id'
export PAAS_ID='$(id_of "$k")'
export GIT_SSH_COMMAND='ssh -F none -i $dir/id -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile=$dir/known_hosts -o StrictHostKeyChecking=accept-new'
export PATH='$(cat "$slots/$k/product")/bin':"\$PATH"
SH
  chmod 0600 "$dir/env.sh"
}

start_daemons() { # K DIR
  local k=$1 dir=$2 name
  if supervised_by_systemd; then
    for name in "${daemons[@]}"; do start_unit "$k" "$dir" "$name"; done
  else
    (cd "$dir/service" && setsid -f runsvdir -P "$dir/service" >"$dir/log/runsvdir" 2>&1 </dev/null 9>&-)
  fi
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

await_api() { # K DIR
  local deadline=$(($(now_ms) + 60000))
  until [[ -s $2/data/db/first-admin.token ]] &&
    curl -fsS -m 2 -o /dev/null "http://127.0.0.1:$api_port/v1/version" 2>/dev/null; do
    [[ $(now_ms) -lt $deadline ]] || return 1
    sleep 0.05
  done
}

# The build that this platform runs: dist/ itself where the daemons' users can read it, else a copy in DIR (whose
# class-data archives would be stale).
lay_out_product() { # K DIR
  local product
  product=$(realpath "$dist/bin/..")
  if (check_passable "$product") 2>/dev/null; then
    ln -sfn "$product" "$2/product"
  else
    cp -a "$product" "$2/product"
    find "$2/product" -name '*.jsa' -delete
  fi
  realpath "$2/product" >"$slots/$1/product"
}

# Where the base images lie unpacked after their first import, valid for these images and this build.
store=$dist/store
store_key() { cat "$dist/images/inputs" && realpath "$dist/bin"; }

# Gives a platform that has not started yet the unpacked base images: nobody writes to a layer, so its files are the same
# files under a second name: nobody but root may pass through the store either. False when there are none, or on another
# file system.
plant_images() { # DIR
  local into=$1/data/runtime
  [[ -f $store/key && $(<"$store/key") == "$(store_key 2>/dev/null)" ]] || return 1
  chmod 0700 "$store"
  # The lock: another build may be replacing the store.
  if (flock 9 && cp -al "$store"/{blobs,layers} "$into/" && cp -a "$store"/{images,layer-records,names.json} "$into/") \
    9>"$dist/images/.lock" 2>/dev/null; then
    return 0
  fi
  rm -rf "${into:?}"/{blobs,layers,images,layer-records,names.json}
  return 1
}

# Keeps the base images of a platform that has nothing else yet.
keep_images() { # DIR
  local from=$1/data/runtime made
  made=$(mktemp -d "$dist/store.XXXXXX")
  if cp -al "$from"/{blobs,layers} "$made/" 2>/dev/null && cp -a "$from"/{images,layer-records,names.json} "$made/"; then
    store_key >"$made/key"
    (
      flock 9
      rm -rf "$store" && mv -T "$made" "$store"
    ) 9>"$dist/images/.lock"
  fi
  rm -rf "$made"
}

import_images() { # DIR
  local image
  [[ -x $1/product/bin/paas ]] || { say "note: this build has no paas command; no base image was imported."; return 0; }
  local imports=() import
  for image in "$repo"/dist/images/*.tar*; do
    [[ -f $image && -f ${image%%.tar*}.args ]] || continue
    # shellcheck source=/dev/null # write_environment made it
    (. "$1/env.sh" && xargs -a "${image%%.tar*}.args" -r paas image import "$image" >/dev/null) &
    imports+=("$!")
  done
  for import in "${imports[@]}"; do
    wait "$import" || fail "A base image of $repo/dist/images could not be imported" "bin/stack --refresh builds it anew."
  done
}

# A start that failed says why and leaves nothing.
give_up() {
  local status=$?
  trap - EXIT
  say "The platform did not start; its last words:"
  show_logs "$starting_slot" "$starting_dir"
  platform_down "$starting_dir"
  exit "$status"
}

platform_up() { # DIR FAULT_POINTS
  local dir k started
  dir=$(absolute "$1")
  started=$(now_ms)
  "$repo/bin/prepare"
  "$repo/bin/build"
  if slot_of "$dir" >/dev/null; then
    fail "A platform is in $dir already" "bin/dev down $1"
  fi
  if [[ -e $dir && -n $(ls -A "$dir" 2>/dev/null) ]]; then
    fail "$dir is not empty" "Name a new folder."
  fi
  check_passable "$dir"
  k=$(take_slot "$dir")
  # From here on there is something to clean up.
  starting_slot=$k starting_dir=$dir
  trap give_up EXIT
  trap 'exit 130' INT TERM HUP

  local control router
  control=$(control_uid_of "$k") router=$(router_uid_of "$k")
  api_port=$(free_port $((21000 + 100 * k)))
  ssh_port=$(free_port $((21001 + 100 * k)))
  http_port=$(free_port $((21002 + 100 * k)))
  folder 0:0 0711 "$dir"
  folder 0:0 0711 "$dir/data"
  folder 0:0 0700 "$dir/data/runtime"
  folder "$router:$router" 0700 "$dir/data/router"
  folder "$control:$control" 0700 "$dir/data/db"
  folder "$control:$control" 0700 "$dir/data/git"
  folder 0:0 0711 "$dir/run"
  folder "0:$control" 0750 "$dir/run/runtime"
  folder "$router:$control" 2750 "$dir/run/router"
  folder "$control:$control" 0700 "$dir/run/api"
  folder 0:0 0700 "$dir/log"
  folder 0:0 0700 "$dir/service"
  lay_out_product "$k" "$dir"
  write_settings "$k" "$dir" "$2"
  write_service "$k" "$dir" paas-runtimed 0
  write_service "$k" "$dir" paas-routerd "$router"
  write_service "$k" "$dir" paasd "$control"
  ssh-keygen -q -t ed25519 -N '' -C admin -f "$dir/id"
  install -o "$control" -g "$control" -m 0400 "$dir/id.pub" "$dir/data/db/first-admin.pub"

  [[ ! -x $repo/bin/stack ]] || "$repo/bin/stack"
  local planted=no
  ! plant_images "$dir" || planted=yes
  start_daemons "$k" "$dir"
  await_api "$k" "$dir" || fail "paasd did not answer on 127.0.0.1:$api_port within 60 s" "Read its last words below."
  write_environment "$k" "$dir" "$(cat "$dir/data/db/first-admin.token")"
  give_key_back "$dir"
  if [[ $planted == no ]]; then
    import_images "$dir"
    keep_images "$dir"
  fi
  trap - EXIT INT TERM HUP
  say "Platform $(id_of "$k") is up in $dir after $(since "$started"). To use it:  . $dir/env.sh"
}

# The person behind sudo reads the key and the token.
give_key_back() { # DIR
  if [[ -n ${SUDO_UID:-} ]]; then
    chown "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$1/env.sh" "$1/id" "$1/id.pub"
  fi
}

# ---------------------------------------------------------------- down

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

platform_list() {
  local k
  for ((k = 0; k < slot_count; k++)); do
    [[ -f $slots/$k/dir ]] || continue
    printf '%-4s %-5s %s\n' "$(id_of "$k")" "$(platform_alive "$k" && echo up || echo dead)" "$(cat "$slots/$k/dir")"
  done
}
