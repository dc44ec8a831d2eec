# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# idle: proportional set size (PSS, proc_pid_smaps(5): shared pages divided by those who share them) of the daemons while one
# app runs and nobody asks it. The monitor that each container has on both sides is a row of its own.

pss() { # PID...: in MiB
  local pid
  for pid in "$@"; do sed -n 's/^Pss: *\([0-9]*\) kB/\1/p' "/proc/$pid/smaps_rollup"; done |
    awk '{ sum += $1 } END { printf "%.2f\n", sum / 1024 }'
}

measure_idle() {
  local n i name monitors shims
  n=$(rounds 5)
  deploy node-express node
  docker_up
  docker run -d --name idle bench/stack sleep 100000 >/dev/null
  mapfile -t monitors < <(pgrep -f "conmon .*$home/platform/")
  mapfile -t shims < <(pgrep -f "containerd-shim.*$home/peer/")
  doze 30 # what the start and the push have begun comes to rest
  : >"$home/idle.ours"
  : >"$home/idle.peer"
  for ((i = 0; i < n; i++)); do
    pss "$(pid_of paasd)" "$(pid_of paas-runtimed)" "$(pid_of paas-routerd)" >>"$home/idle.ours"
    pss "$dockerd_pid" "$containerd_pid" >>"$home/idle.peer"
    doze 1
  done
  figure 'idle memory of the daemons, PSS' MiB "$(median <"$home/idle.ours")" 'dockerd and containerd' "$(median <"$home/idle.peer")" "$n" "$(spread <"$home/idle.ours")"
  for name in paasd paas-runtimed paas-routerd; do figure "- $name" MiB "$(pss "$(pid_of "$name")")" '' '' 1; done
  figure '- monitor of one container' MiB "$(pss "${monitors[0]}")" containerd-shim "$(pss "${shims[0]}")" 1
  docker rm -f idle >/dev/null
}
