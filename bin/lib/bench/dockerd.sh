#!/usr/bin/env bash
# containerd and dockerd in the namespaces that bin/bench made for them: dockerd.sh FOLDER CGROUP
set -euo pipefail
folder=$1 group=$2
ip link set lo up
# Both write there whatever their settings; in this mount namespace nobody else sees it.
mount -t tmpfs -o mode=0755 bench /run
[[ ! -d /etc/docker ]] || mount -t tmpfs -o mode=0755 bench /etc/docker
cat >"$folder/containerd.toml" <<TOML
version = 2
root = "$folder/containerd"
state = "$folder/containerd-state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "$folder/containerd.sock"
TOML
containerd --config "$folder/containerd.toml" --log-level warn &
echo $! >"$folder/containerd.pid"
until [[ -S $folder/containerd.sock ]]; do
  kill -0 $!
  sleep 0.05
done
echo $$ >"$folder/dockerd.pid"
echo "{}" >"$folder/daemon.json"
exec dockerd --containerd "$folder/containerd.sock" --host "unix://$folder/docker.sock" --data-root "$folder/data" \
  --exec-root "$folder/exec" --pidfile "$folder/docker.pid" --config-file "$folder/daemon.json" --log-level warn \
  --cgroup-parent "/$group" --exec-opt native.cgroupdriver=cgroupfs --storage-driver overlay2 --bip 172.29.0.1/24
