# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# start: one StartInstance on the runtime's socket, answered when the program runs, beside `docker run -d` of the same root
# filesystem and command. paasd is stopped meanwhile: it would end instances that it did not ask for.

start_one() { # COMMAND: sets `took`, in microseconds
  printf '%s\n' "$1" >&"${starter[1]}"
  read -r -t 60 took <&"${starter[0]}" || fail "The runtime did not answer '$1'" "Read $home/log/start."
}

measure_start() {
  local n i begun id product
  n=$(rounds 20)
  docker_up
  product=$(realpath "$home/platform/product")
  "$repo/bin/dev" stop "$home/platform" paasd
  # The class path and the class file of a single-source program: JEP 330.
  coproc starter {
    exec java -Xshare:auto -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$product/lib/runtime/*" \
      "-Dio.netty.native.workdir=$home" "$bench/StartInstances.java" "$home/platform/run/runtime/runtime.sock" \
      paas/stack:latest 2>"$home/log/start"
  }
  local client=$starter_PID
  : >"$home/start.ours"
  : >"$home/start.peer"
  for ((i = 0; i <= n; i++)); do
    start_one "start $i"
    [[ $i -eq 0 ]] || echo "$took" >>"$home/start.ours" # the first round warms both up
    begun=$(now_us)
    id=$(docker run -d bench/stack sleep 1000)
    took=$(($(now_us) - begun))
    [[ $i -eq 0 ]] || echo "$took" >>"$home/start.peer"
    start_one "stop $i"
    docker rm -f "$id" >/dev/null
  done
  kill "$client" 2>/dev/null || true
  wait "$client" 2>/dev/null || true
  "$repo/bin/dev" start "$home/platform" paasd
  await_api_again
  figure 'instance start' ms "$(to_ms "$(median <"$home/start.ours")")" 'docker run -d, same image and command' \
    "$(to_ms "$(median <"$home/start.peer")")" "$n" "$(spread to_ms <"$home/start.ours")"
}

await_api_again() {
  local end=$((SECONDS + 60))
  until curl -fsS -m 2 -o /dev/null "$PAAS_API/v1/version" 2>/dev/null; do
    [[ $SECONDS -lt $end ]] || fail "paasd did not answer again" "Read its log in $home/platform/log."
    doze 0.1
  done
}
