# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# The other side: Docker, nginx and haproxy from the distribution, started here and not by their packages. Sourced by bin/bench.
#
# dockerd and containerd live in a network and a mount namespace of their own, with all their files below $home/peer: their
# bridge, packet filter rules and mounts end with them. Their cgroups are below one, removed at the end.

peer_pids=()
peer_group=
had_etc_docker=yes

wanted_packages() {
  local figure
  for figure in "${figures[@]}"; do
    case $figure in
      start | idle) echo docker.io iptables ;;
      push) echo docker.io iptables nginx jq ;;
      pull) echo docker.io iptables docker-registry zstd ;;
      scale) echo jq ;;
      router) echo nginx wrk jq ;;
      overload) echo nginx haproxy wrk jq ;;
    esac
  done | tr ' ' '\n' | sort -u
}

install_peers() {
  local missing policy=/usr/sbin/policy-rc.d made=no log installed_all=yes
  [[ -e /etc/docker ]] || had_etc_docker=no
  mapfile -t missing < <(comm -23 <(wanted_packages) <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u))
  [[ ${#missing[@]} -gt 0 ]] || return 0
  say "Installing what is missing: ${missing[*]}"
  # Their services are not to be started here.
  if [[ ! -e $policy ]]; then
    made=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  log=$(mktemp)
  apt_install() { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}" >"$log" 2>&1 </dev/null; }
  apt_install || { apt-get update >>"$log" 2>&1 </dev/null && apt_install; } || installed_all=no
  [[ $made == no ]] || rm -f "$policy"
  if [[ $installed_all == no ]]; then
    tail -n 10 "$log" >&2
    fail "apt-get could not install: ${missing[*]}" "Fix what it says above; the whole output is in $log."
  fi
  rm -f "$log"
  if supervised_by_systemd; then
    local unit
    for unit in docker.socket docker containerd docker-registry nginx haproxy; do
      systemctl disable --now --quiet "$unit" 2>/dev/null || true
    done
  fi
}

# ---------------------------------------------------------------- Docker

docker() { /usr/bin/docker -H "unix://$home/peer/docker.sock" "$@"; }

docker_up() {
  [[ ! -S $home/peer/docker.sock ]] || return 0
  mkdir -p "$home/peer" "$home/nobody" # a client's folder without anybody's settings
  export DOCKER_CONFIG=$home/nobody DOCKER_BUILDKIT=0
  peer_group=paas-bench-$$
  setsid unshare --net --mount --propagation private -- bash "$bench/dockerd.sh" "$home/peer" "$peer_group" \
    >"$home/log/dockerd" 2>&1 </dev/null &
  local end=$((SECONDS + 60))
  until docker version >/dev/null 2>&1; do
    if [[ $SECONDS -ge $end ]] || ! kill -0 $! 2>/dev/null; then
      tail -n 10 "$home/log/dockerd" >&2
      fail "dockerd did not start" "Its last words are above."
    fi
    doze 0.05
  done
  dockerd_pid=$(<"$home/peer/dockerd.pid")
  containerd_pid=$(<"$home/peer/containerd.pid")
  zstd -dcq "$dist/images/stack.tar.zst" | docker import - bench/stack >/dev/null
}

# in_peer COMMAND...: in the network of the containers.
in_peer() { nsenter --net="/proc/$dockerd_pid/ns/net" -- "$@"; }

# What lives in the containers' network still, whoever started it.
left_in_peer() { # NAMESPACE
  local ns
  for ns in /proc/[0-9]*/ns/net; do
    [[ $(readlink "$ns" 2>/dev/null) != "$1" ]] || cut -d/ -f3 <<<"$ns"
  done
}

gone() { ! kill -0 "$1" 2>/dev/null || [[ $(cut -d')' -f2 "/proc/$1/stat" 2>/dev/null) == ' Z'* ]]; }

end_pids() { # PID...
  local pid end=$((SECONDS + 15))
  [[ $# -gt 0 ]] || return 0
  kill -TERM "$@" 2>/dev/null || true
  for pid in "$@"; do until gone "$pid" || [[ $SECONDS -ge $end ]]; do doze 0.02; done; done
  kill -KILL "$@" 2>/dev/null || true
  for pid in "$@"; do until gone "$pid" || [[ $SECONDS -ge $((end + 5)) ]]; do doze 0.02; done; done
}

peers_down() {
  end_pids "${peer_pids[@]}"
  peer_pids=()
  [[ -n $home && -d $home/peer ]] || return 0
  if [[ -s $home/peer/containerd.pid ]]; then
    local network left dockerd_pid containerd_pid
    containerd_pid=$(<"$home/peer/containerd.pid")
    dockerd_pid=$(cat "$home/peer/dockerd.pid" 2>/dev/null || echo "$containerd_pid")
    network=$(readlink "/proc/$containerd_pid/ns/net" 2>/dev/null || true)
    docker ps -aq 2>/dev/null | xargs -r /usr/bin/docker -H "unix://$home/peer/docker.sock" rm -f >/dev/null 2>&1 || true
    end_pids "$dockerd_pid"
    end_pids "$containerd_pid"
    if [[ $network == net:* && $network != "$(readlink /proc/self/ns/net)" ]]; then
      mapfile -t left < <(left_in_peer "$network")
      end_pids "${left[@]}"
    fi
  fi
  find /sys/fs/cgroup -depth -type d -path "*/$peer_group*" -exec rmdir {} + 2>/dev/null || true
  # dockerd writes a key there, whatever its settings.
  [[ $had_etc_docker == yes ]] || { rm -f /etc/docker/key.json && rmdir /etc/docker; } 2>/dev/null || true
  if [[ -n $(find /sys/fs/cgroup -type d -name "$peer_group*" 2>/dev/null) ]] || grep -q " $home/peer" /proc/self/mountinfo; then
    say "note: Docker has left cgroups or mounts named $peer_group or $home/peer on this host."
    return 1
  fi
}

# ---------------------------------------------------------------- nginx

# nginx_up FOLDER [COMMAND...]: on FOLDER/nginx.conf, perhaps by way of a command; its master's pid is in FOLDER/pid.
nginx_up() {
  local folder=$1 end=$((SECONDS + 10))
  shift
  "$@" /usr/sbin/nginx -p "$folder" -c "$folder/nginx.conf" -e "$folder/error.log" </dev/null
  until [[ -s $folder/pid ]]; do
    [[ $SECONDS -lt $end ]] || fail "nginx did not start" "Read $folder/error.log."
    doze 0.02
  done
  peer_pids+=("$(<"$folder/pid")")
}
