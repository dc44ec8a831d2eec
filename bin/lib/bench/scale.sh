# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# scale: from the request for four instances until four different ones have answered through the router, less the boot of
# the instance that listened last (its line "listening" in the log, less its start). Once by the command, once by the API.

api() { curl -fsS -m 60 -H "Authorization: Bearer $PAAS_TOKEN" -H 'Content-Type: application/json' "$@"; }

four_answer() {
  local -A seen=()
  local end=$((SECONDS + 60))
  while [[ ${#seen[@]} -lt 4 ]]; do
    [[ $SECONDS -lt $end ]] || fail "Only ${#seen[@]} of 4 instances answered within 60 s" "Read $home/log/scale."
    ask 127.0.0.1 "$PAAS_HTTP_PORT" "node.$PAAS_DOMAIN" /instance || continue
    [[ $answer != 'HTTP/1.1 200 '* ]] || seen[${answer##*$'\r\n\r\n'}]=1
    doze 0.001
  done
}

micros() { # RFC 3339 TIME
  local nanos
  nanos=$(date -d "$1" +%s%N)
  printf '%s' "${nanos%???}"
}

# The boot, in microseconds, of that new instance which listened last.
last_boot() {
  local logs ps name at micro last=0 boot=0
  ps=$(api "$PAAS_API/v1/apps/node/ps" | jq -r '.instances[] | select(.slot > 1) | [.name, .startedAt] | @tsv')
  logs=$(api "$PAAS_API/v1/apps/node/logs?tail=200" | jq -r 'select(.text | startswith("listening")) | [.instance, .at] | @tsv')
  while read -r name at; do
    # The newest of this instance's lines.
    micro=$(micros "$(awk -v name="$name" '$1 == name { at = $2 } END { print at }' <<<"$logs")")
    if [[ $micro -gt $last ]]; then
      last=$micro
      boot=$((micro - $(micros "$at")))
    fi
  done <<<"$ps"
  [[ $boot -gt 0 ]] || fail "The boot of the new instances is not in the log" "paas logs -a node"
  printf '%s' "$boot"
}

scale_once() { # command|api: appends to $home/scale.$1 and $home/scale.boot
  local begun took boot asking
  begun=$(now_us)
  if [[ $1 == command ]]; then
    paas scale web=4 -a node >>"$home/log/scale" 2>&1 &
  else
    api -d '{"processes":{"web":4}}' "$PAAS_API/v1/apps/node/scale" >>"$home/log/scale" 2>&1 &
  fi
  asking=$!
  four_answer
  took=$(($(now_us) - begun))
  wait "$asking" || fail "The scaling was refused" "Read $home/log/scale."
  boot=$(last_boot)
  echo $((took - boot)) >>"$home/scale.$1"
  echo "$boot" >>"$home/scale.boot"
  paas scale web=1 -a node >>"$home/log/scale" 2>&1
  local end=$((SECONDS + 60))
  until [[ $(api "$PAAS_API/v1/apps/node/ps" | jq '.instances | length') == 1 ]]; do
    [[ $SECONDS -lt $end ]] || fail "The app did not go back to one instance" "paas ps -a node"
    doze 0.1
  done
}

measure_scale() {
  local n i
  n=$(rounds 5)
  deploy node-express node
  await_app node / version
  : >"$home/scale.boot"
  for ((i = 0; i < n; i++)); do
    scale_once command
    scale_once api
  done
  figure 'scale web=1 to 4, paas scale' ms "$(to_ms "$(median <"$home/scale.command")")" 'the target' 300.00 "$n" "$(spread to_ms <"$home/scale.command")"
  figure 'scale web=1 to 4, API call' ms "$(to_ms "$(median <"$home/scale.api")")" 'the target' 300.00 "$n" "$(spread to_ms <"$home/scale.api")"
  figure '- boot of the app, subtracted' ms "$(to_ms "$(median <"$home/scale.boot")")" '' '' $((2 * n)) "$(spread to_ms <"$home/scale.boot")"
}
