#!/usr/bin/env bash
# What people write who have no platform, in the network of the peer's containers: docker-push.sh HOME NUMBER
# Prints the microseconds of build, run, boot and switch.
. "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
. "$repo/bin/lib/bench/table.sh"
. "$repo/bin/lib/bench/platform.sh"
home=$1 number=$2
docker() { /usr/bin/docker -H "unix://$home/peer/docker.sock" "$@"; }
port=$((3000 + number % 2))
sed -i "s/version [0-9]*/version $number/" "$home/docker-app/server.js"

begun=$(now_us)
docker build -q -t "bench/app:$number" "$home/docker-app" >/dev/null
built=$(now_us)
docker run -d --name "app-$number" -p "127.0.0.1:$port:5000" "bench/app:$number" >/dev/null
ran=$(now_us)
await_text 127.0.0.1 "$port" localhost / "version $number"
booted=$(now_us)
printf 'upstream app { server 127.0.0.1:%d; }\n' "$port" >"$home/front/upstream.conf"
/usr/sbin/nginx -p "$home/front" -c "$home/front/nginx.conf" -e "$home/front/error.log" -s reload
await_text 127.0.0.1 8080 localhost / "version $number"
switched=$(now_us)

docker rm -f "app-$((number - 1))" >/dev/null 2>&1 || true
echo "$((built - begun)) $((ran - built)) $((booted - ran)) $((switched - booted))"
