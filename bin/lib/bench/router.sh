# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# router: CPU time (utime + stime of all its processes) a request at 64 connections, beside nginx in front of the same
# instance with keepalive to it. Both write an access log. The backend is one instance of samples/static-site.

ticks() { # PID...
  local pid rest sum=0
  for pid in "$@"; do
    rest=$(<"/proc/$pid/stat")
    read -ra rest <<<"${rest##*) }"
    sum=$((sum + rest[11] + rest[12]))
  done
  printf '%s' "$sum"
}

# load SECONDS PORT OUT PID...: appends microseconds of CPU a request to OUT.cpu, the 99th percentile in ms to OUT.p99
load() {
  local seconds=$1 port=$2 out=$3 before after requests
  shift 3
  before=$(ticks "$@")
  wrk -t1 -c64 -d"${seconds}s" --latency -H "Host: site.$PAAS_DOMAIN" "http://127.0.0.1:$port/" >"$home/wrk" 2>&1
  after=$(ticks "$@")
  cat "$home/wrk" >>"$home/log/wrk"
  ! grep -q 'Non-2xx\|Socket errors' "$home/wrk" || fail "Requests failed under load: $(grep 'Non-2xx\|Socket errors' "$home/wrk")" "Read $home/log/wrk."
  requests=$(awk '$2 == "requests" && $3 == "in" { print $1 }' "$home/wrk")
  awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v n="$requests" 'BEGIN { printf "%.2f\n", t / hz * 1e6 / n }' >>"$out.cpu"
  awk '$1 == "99%" { v = $2 + 0; if ($2 ~ /us$/) v /= 1000; else if ($2 !~ /ms$/) v *= 1000; printf "%.2f\n", v }' "$home/wrk" >>"$out.p99"
  awk '$1 == "Requests/sec:" { print $2 }' "$home/wrk" >>"$out.rps"
}

measure_router() {
  local n i backend port=28080 router proxies
  n=$(rounds 5)
  deploy static-site site
  await_app site / version
  backend=$(curl -fsS -H "Authorization: Bearer $PAAS_TOKEN" "$PAAS_API/v1/apps/site/ps" | jq -r '.instances[0] | "\(.address):\(.port)"')
  while [[ -n $(ss -Hltn "sport = :$port") ]]; do port=$((port + 1)); done
  mkdir -p "$home/proxy"
  cat >"$home/proxy/nginx.conf" <<NGINX
user www-data;
worker_processes auto;
pid $home/proxy/pid;
error_log $home/proxy/error.log;
events { worker_connections 1024; }
http {
  access_log $home/proxy/access.log;
  keepalive_requests 10000000;
  upstream app { server $backend; keepalive 64; keepalive_requests 10000000; }
  server {
    listen 127.0.0.1:$port;
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host \$http_host;
      proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto \$scheme;
      proxy_set_header X-Request-Id \$request_id;
    }
  }
}
NGINX
  nginx_up "$home/proxy"
  router=$(pid_of paas-routerd)
  mapfile -t proxies < <(echo "$(<"$home/proxy/pid")" && pgrep -P "$(<"$home/proxy/pid")")
  # A router runs for months: what is counted begins when the compiler has no more to gain (3 %, or a minute and a half).
  for ((i = 0; i < 18; i++)); do
    load 5 "$PAAS_HTTP_PORT" "$home/warm" "$router"
    ! tail -n 3 "$home/warm.cpu" | awk 'NR == 1 { first = $1 } END { exit !(NR == 3 && $1 > first * 0.97) }' || break
  done
  load 2 "$port" "$home/warm" "${proxies[@]}"
  for ((i = 0; i < n; i++)); do
    load 5 "$PAAS_HTTP_PORT" "$home/router" "$router"
    load 5 "$port" "$home/nginx" "${proxies[@]}"
  done
  figure 'router CPU a request, 64 connections' us "$(median <"$home/router.cpu")" nginx "$(median <"$home/nginx.cpu")" "$n" "$(spread <"$home/router.cpu")"
  figure '- 99th percentile of the time' ms "$(median <"$home/router.p99")" nginx "$(median <"$home/nginx.p99")" "$n" "$(spread <"$home/router.p99")"
  figure '- requests a second' 1/s "$(median <"$home/router.rps")" nginx "$(median <"$home/nginx.rps")" "$n" "$(spread <"$home/router.rps")"
}
