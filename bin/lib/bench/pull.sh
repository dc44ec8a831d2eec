# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# pull: an image of six layers from a registry at a loopback address until it could be run, `paas image pull` beside
# `docker pull`. The root filesystem of the stack, folder by folder; compressed by docker push. Before each round both sides
# have forgotten the image and removed its layers.

pull_port=$((20000 + RANDOM % 8000))
pull_name=127.0.0.1:$pull_port/bench/parts:1

# One registry in each network, with the same files.
registries_up() {
  local end=$((SECONDS + 20)) pid
  mkdir -p "$home/registry"
  cat >"$home/registry.yml" <<YML
version: 0.1
storage:
  filesystem:
    rootdirectory: $home/registry
http:
  addr: 127.0.0.1:$pull_port
YML
  docker-registry serve "$home/registry.yml" >"$home/log/registry" 2>&1 </dev/null &
  peer_pids+=($!)
  nsenter --net="/proc/$dockerd_pid/ns/net" -- docker-registry serve "$home/registry.yml" >"$home/log/registry-of-docker" 2>&1 </dev/null &
  peer_pids+=($!)
  until ask 127.0.0.1 "$pull_port" localhost /v2/ && in_peer bash -c "exec 3<>/dev/tcp/127.0.0.1/$pull_port" 2>/dev/null; do
    for pid in "${peer_pids[@]}"; do
      if [[ $SECONDS -ge $end ]] || gone "$pid"; then
        fail "The registry did not start" "Read $home/log/registry and registry-of-docker."
      fi
    done
    doze 0.05
  done
}

pull_image() {
  local root=$home/parts/root part names=(share lib bin var etc rest)
  mkdir -p "$root"
  zstd -dcq "$dist/images/stack.tar.zst" | tar -C "$root" -xf - 2>>"$home/log/parts"
  tar -C "$root" -cf "$home/parts/share.tar" usr/share
  tar -C "$root" -cf "$home/parts/lib.tar" usr/lib
  tar -C "$root" -cf "$home/parts/bin.tar" usr/bin
  tar -C "$root" -cf "$home/parts/var.tar" var
  tar -C "$root" -cf "$home/parts/etc.tar" etc
  tar -C "$root" --exclude=usr/share --exclude=usr/lib --exclude=usr/bin --exclude=./var --exclude=./etc -cf "$home/parts/rest.tar" .
  rm -rf --one-file-system "$root"
  echo 'FROM scratch' >"$home/parts/Dockerfile"
  for part in "${names[@]}"; do echo "ADD $part.tar /" >>"$home/parts/Dockerfile"; done
  echo 'CMD ["/bin/true"]' >>"$home/parts/Dockerfile"
  docker build -q -t "$pull_name" "$home/parts" >/dev/null 2>"$home/log/parts" ||
    fail "The image could not be built" "Read $home/log/parts."
  docker push "$pull_name" >"$home/log/parts" 2>&1 || fail "The image could not be pushed" "Read $home/log/parts."
  rm -rf --one-file-system "$home/parts"
}

stored_layers() { find "$home/platform/data/runtime/layers" -mindepth 1 -maxdepth 1 | wc -l; }

forget_ours() { # LAYERS: so many there are without the image
  local end=$((SECONDS + 60))
  paas image rm "$pull_name" >/dev/null
  until [[ $(stored_layers) -le $1 ]]; do
    [[ $SECONDS -lt $end ]] || fail "The image's layers were not collected" "See the log of paas-runtimed."
    doze 0.05
  done
}

forget_peers() { docker image rm "$pull_name" >/dev/null 2>&1 && docker image prune -f >/dev/null; }

measure_pull() {
  local n i begun ours before
  n=$(rounds 5)
  docker_up
  registries_up
  pull_image
  forget_peers
  before=$(stored_layers)
  # Round 0 warms both up and is not counted.
  for ((i = 0; i <= n; i++)); do
    begun=$(now_us)
    paas image pull "$pull_name" >>"$home/log/pulls" 2>&1 || fail "paas image pull failed" "Read $home/log/pulls."
    ours=$(($(now_us) - begun))
    forget_ours "$before"
    begun=$(now_us)
    docker pull -q "$pull_name" >>"$home/log/pulls" 2>&1 || fail "docker pull failed" "Read $home/log/pulls."
    [[ $i -eq 0 ]] || {
      echo $(($(now_us) - begun)) >>"$home/pull.docker"
      echo "$ours" >>"$home/pull.ours"
    }
    forget_peers
  done
  figure 'pull of six layers' ms "$(to_ms "$(median <"$home/pull.ours")")" 'docker pull' \
    "$(to_ms "$(median <"$home/pull.docker")")" "$n" "$(spread to_ms <"$home/pull.ours")"
}
