# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# overload: requests a second of a well-behaved client (wrk) to one app while connections to another app are held in one
# state of a request, beside nginx and haproxy in front of the same instances with the same timeouts.

overload_states=(none begun whole body unread tunnel)
overload_connections=5000

api() { curl -fsS -m 60 -H "Authorization: Bearer $PAAS_TOKEN" -H 'Content-Type: application/json' "$@"; }

addresses_of() { api "$PAAS_API/v1/apps/$1/ps" | jq -r '.instances[] | select(.port) | "\(.address):\(.port)"'; } # APP

free_port() { # FROM
  local port=$1
  while [[ -n $(ss -Hltn "sport = :$port") ]]; do port=$((port + 1)); done
  printf '%s' "$port"
}

overload_nginx() { # PORT
  local folder=$home/overload-nginx
  mkdir -p "$folder"
  {
    cat <<NGINX
user www-data;
worker_processes auto;
worker_rlimit_nofile $open_files;
pid $folder/pid;
error_log $folder/error.log;
events { worker_connections 20000; }
http {
  access_log $folder/access.log;
  keepalive_requests 10000000;
  client_header_timeout 10s;
  client_body_timeout 60s;
  send_timeout 60s;
  keepalive_timeout 60s;
  proxy_connect_timeout 5s;
  proxy_read_timeout 60s;
  proxy_send_timeout 60s;
  proxy_max_temp_file_size 0;
  proxy_http_version 1.1;
  proxy_set_header Host \$http_host;
  proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
  proxy_set_header X-Forwarded-Proto \$scheme;
  proxy_set_header X-Request-Id \$request_id;
  map \$http_upgrade \$connection_upgrade { default upgrade; '' ''; }
  upstream site { keepalive 64; keepalive_requests 10000000; $(printf 'server %s; ' "${site_backends[@]}")}
  upstream withholder { $(printf 'server %s; ' "${withholder_backends[@]}")}
  server {
    listen 127.0.0.1:$1 backlog=4096;
    server_name site.$PAAS_DOMAIN;
    location / { proxy_pass http://site; proxy_set_header Connection ""; }
  }
  server {
    listen 127.0.0.1:$1;
    server_name withholder.$PAAS_DOMAIN;
    location / {
      proxy_pass http://withholder;
      proxy_set_header Connection \$connection_upgrade;
      proxy_set_header Upgrade \$http_upgrade;
      proxy_read_timeout 1h;
    }
  }
}
NGINX
  } >"$folder/nginx.conf"
  nginx_up "$folder"
}

overload_haproxy() { # PORT
  local folder=$home/overload-haproxy end=$((SECONDS + 10)) i
  mkdir -p "$folder"
  {
    cat <<HAPROXY
global
  maxconn 20000
  no strict-limits
  user haproxy
  group haproxy
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  option forwardfor
  option abortonclose
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-request 10s
  timeout http-keep-alive 60s
  timeout tunnel 1h
frontend all
  bind 127.0.0.1:$1 backlog 4096
  unique-id-format %[uuid]
  unique-id-header X-Request-Id
  http-request set-header X-Forwarded-Proto http
  use_backend withholder if { hdr(host) -i withholder.$PAAS_DOMAIN withholder.$PAAS_DOMAIN:$1 }
  default_backend site
backend site
HAPROXY
    for i in "${site_backends[@]}"; do echo "  server ${i//[.:]/-} $i"; done
    echo "backend withholder"
    for i in "${withholder_backends[@]}"; do echo "  server ${i//[.:]/-} $i"; done
  } >"$folder/haproxy.cfg"
  /usr/sbin/haproxy -db -f "$folder/haproxy.cfg" >"$folder/access.log" 2>"$home/log/haproxy" </dev/null &
  peer_pids+=("$!")
  until [[ -n $(ss -Hltn "sport = :$1") ]]; do
    [[ $SECONDS -lt $end ]] || fail "haproxy did not start" "Read $home/log/haproxy."
    doze 0.02
  done
}

# good_rate SECONDS PORT OUT: appends the answered requests a second to OUT.
good_rate() {
  wrk -t1 -c64 -d"${1}s" -H "Host: site.$PAAS_DOMAIN" "http://127.0.0.1:$2/" >"$home/wrk" 2>&1
  cat "$home/wrk" >>"$home/log/wrk"
  awk '$2 == "requests" && $3 == "in" { all = $1; seconds = $4 + 0 }
    /Non-2xx/ { bad = $NF }
    END { printf "%.1f\n", seconds ? (all - bad) / seconds : 0 }' "$home/wrk" >>"$3"
}

# Connections of loopback to a port that are open at both ends, wrk's left out.
held_at() { ss -Htn state established "dst 127.0.0.1 and dport = :$1 and src 127.0.1.0/24" | wc -l; } # PORT

# The kernel takes connections before the proxy does: what opening them costs is over when new ones are served at once.
settled() { # PORT
  local end=$((SECONDS + 60)) quick=0 begun
  while [[ $quick -lt 5 ]]; do
    [[ $SECONDS -lt $end ]] || return 0
    begun=$(now_us)
    quick=$((quick + 1))
    ask 127.0.0.1 "$1" "site.$PAAS_DOMAIN" / && [[ $(($(now_us) - begun)) -lt 50000 ]] || quick=0
    doze 0.1
  done
}

# under_attack STATE NAME PORT: one round, appended to $home/overload.STATE.NAME, and .held what was held at its end
under_attack() {
  local out=$home/overload.$1.$2 holder end=$((SECONDS + 60)) count=$overload_connections
  if [[ $1 == none ]]; then
    good_rate 4 "$3" "$out"
    return
  fi
  mkfifo "$home/holding"
  java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m -cp "$home/overload-classes" HeldConnections "$3" \
    "withholder.$PAAS_DOMAIN" "$1" "$count" <"$home/holding" >"$home/held" 2>>"$home/log/held" &
  holder=$!
  peer_pids+=("$holder")
  exec 9>"$home/holding"
  until grep -q ready "$home/held"; do
    if [[ $SECONDS -ge $end ]] || gone "$holder"; then fail "The connections could not be opened" "Read $home/log/held."; fi
    doze 0.05
  done
  settled "$3"
  good_rate 4 "$3" "$out"
  held_at "$3" >>"$out.held"
  echo >&9
  exec 9>&-
  rm -f "$home/holding"
  end_pids "$holder"
  until [[ $(held_at "$3") -eq 0 || $SECONDS -ge $end ]]; do doze 0.05; done
  doze 1
}

# gains RATES: whether the last of the rates, one a line, is better than the one two before it.
gains() { tail -n 3 "$1" | awk 'NR == 1 { first = $1 } END { exit NR == 3 && $1 < first * 1.03 }'; }

better_peer() { # STATE: its name, then its median
  local name
  for name in nginx haproxy; do echo "$name $(median <"$home/overload.$1.$name")"; done | sort -k2 -g | tail -n 1
}

measure_overload() {
  local n i state name peer rate note
  local -A port=() words=(
    [none]='no connections held' [begun]='head begun' [whole]='head whole, answer withheld' [body]='body withheld'
    [unread]='answer unread' [tunnel]='tunnel')
  n=$(rounds 3)
  open_files=$(ulimit -Hn)
  [[ $open_files != unlimited ]] || open_files=1048576
  ulimit -n "$open_files"
  mkdir -p "$home/overload-classes"
  javac -d "$home/overload-classes" "$bench/HeldConnections.java" || fail "javac failed" "Its output is above."
  deploy static-site site
  deploy "$bench/withholder" withholder
  # Four of them: one address has too few ports for what each round leaves behind.
  api -d '{"processes":{"web":4}}' "$PAAS_API/v1/apps/withholder/scale" >>"$home/log/scale"
  await_app site / version
  await_app withholder / ready
  local end=$((SECONDS + 60))
  until mapfile -t withholder_backends < <(addresses_of withholder) && [[ ${#withholder_backends[@]} -eq 4 ]]; do
    [[ $SECONDS -lt $end ]] || fail "The app did not come to four instances" "Read $home/log/scale."
    doze 0.1
  done
  mapfile -t site_backends < <(addresses_of site)
  port[ours]=$PAAS_HTTP_PORT
  port[nginx]=$(free_port 28080)
  overload_nginx "${port[nginx]}"
  port[haproxy]=$(free_port $((port[nginx] + 1)))
  overload_haproxy "${port[haproxy]}"
  # Rounds that do not count, until the compiler has no more to gain, as for `router`: what only such connections do is code, too.
  for ((i = 0; i < 12; i++)); do
    good_rate 5 "$PAAS_HTTP_PORT" "$home/overload.warm"
    gains "$home/overload.warm" || break
  done
  for state in "${overload_states[@]}"; do
    for ((i = 0; i < 6; i++)); do
      under_attack "$state" warm "$PAAS_HTTP_PORT"
      gains "$home/overload.$state.warm" || break
    done
  done
  for ((i = 0; i < n; i++)); do
    for state in "${overload_states[@]}"; do
      for name in ours nginx haproxy; do under_attack "$state" "$name" "${port[$name]}"; done
    done
  done
  for state in "${overload_states[@]}"; do
    read -r peer rate < <(better_peer "$state")
    figure "overload, ${words[$state]}" 1/s "$(median <"$home/overload.$state.ours")" "$peer" "$rate" "$n"
    [[ $state != none ]] || continue
    note=
    for name in ours nginx haproxy; do
      note+=" $name $(median <"$home/overload.$state.$name.held" | cut -d. -f1),"
    done
    [[ $json == yes ]] || printf '  held:%s\n' "${note%,}"
  done
}
