# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# push: one changed line of samples/node-express, from `git push` until the new version answers at its address, beside
# docker-push.sh: docker build, docker run, wait, nginx reload, until the new version answers through nginx. Dependencies
# are cached on both sides.

# Microseconds of the first line of the stamped output that contains a text; the line before it where there is none.
stamp_of() { # TEXT DEFAULT
  local found
  found=$(awk -v text="$1" 'index($0, text) { sub(/[.,]/, "", $1); print $1; exit }' "$home/push.out")
  printf '%s' "${found:-$2}"
}

push_ours() { # NUMBER
  local begun answered ended building releasing switching pushing
  (cd "$home/node" && sed -i "s/version [0-9]*/version $1/" server.js && git_quietly commit -q -a -m "Version $1")
  begun=$(now_us)
  (
    set -o pipefail
    cd "$home/node" || exit
    git push paas main 2>&1 </dev/null | while IFS= read -r line; do printf '%s %s\n' "$EPOCHREALTIME" "$line"; done
  ) >"$home/push.out" &
  pushing=$!
  await_app node / "version $1"
  answered=$(now_us)
  wait "$pushing" || {
    cat "$home/push.out" >&2
    fail "git push was declined" "Its output is above."
  }
  ended=$(now_us)
  cat "$home/push.out" >>"$home/log/pushes"
  building=$(stamp_of '-----> Building' "$begun")
  releasing=$(stamp_of '-----> Releasing' "$building")
  switching=$(stamp_of '-----> Switching' "$releasing")
  echo $((answered - begun)) >>"$home/push.total"
  echo $((building - begun)) >>"$home/push.ssh"
  echo $((releasing - building)) >>"$home/push.build"
  echo $((switching - releasing)) >>"$home/push.start"
  echo $((answered - switching)) >>"$home/push.switch"
  echo $((ended - begun)) >>"$home/push.ended"
}

push_peer() { # NUMBER
  local build run boot switch
  read -r build run boot switch < <(in_peer bash "$bench/docker-push.sh" "$home" "$1" 2>>"$home/log/docker-push") ||
    fail "The script with Docker failed" "Read $home/log/docker-push: $(tail -n 3 "$home/log/docker-push")"
  echo $((build + run + boot + switch)) >>"$home/docker.total"
  echo "$build" >>"$home/docker.build"
  echo "$run" >>"$home/docker.run"
  echo "$boot" >>"$home/docker.boot"
  echo "$switch" >>"$home/docker.switch"
}

push_median() { to_ms "$(median <"$home/$1")"; }
push_spread() { spread to_ms <"$home/$1"; }

measure_push() {
  local n i
  n=$(rounds 5)
  deploy node-express node
  docker_up
  mkdir -p "$home/deps" "$home/docker-app" "$home/front"
  paas run -a node -- tar -cf - node_modules | tar -C "$home/deps" -xf -
  printf 'FROM bench/stack\nWORKDIR /app\nCOPY node_modules ./node_modules\n' >"$home/deps/Dockerfile"
  docker build -q -t bench/deps "$home/deps" >/dev/null 2>"$home/log/docker-build"
  cp "$repo"/samples/node-express/*.js* "$home/docker-app/"
  printf 'FROM bench/deps\nCOPY . .\nENV PORT=5000\nCMD ["node", "server.js"]\n' >"$home/docker-app/Dockerfile"
  printf 'upstream app { server 127.0.0.1:9; }\n' >"$home/front/upstream.conf"
  cat >"$home/front/nginx.conf" <<NGINX
user www-data;
worker_processes auto;
pid $home/front/pid;
error_log $home/front/error.log;
events { worker_connections 1024; }
http {
  access_log $home/front/access.log;
  include $home/front/upstream.conf;
  server {
    listen 127.0.0.1:8080;
    location / { proxy_pass http://app; proxy_set_header Host \$http_host; }
  }
}
NGINX
  nginx_up "$home/front" in_peer
  # Round 0 warms both up and is not counted.
  for ((i = 0; i <= n; i++)); do
    push_ours $((100 + i))
    push_peer $((100 + i))
    [[ $i -gt 0 ]] || rm -f "$home"/push.{total,ssh,build,start,switch,ended} "$home"/docker.{total,build,run,boot,switch}
  done
  docker ps -aq | xargs -r /usr/bin/docker -H "unix://$home/peer/docker.sock" rm -f >/dev/null
  figure 'push until the new version answers' ms "$(push_median push.total)" 'docker build, run, wait, nginx reload' "$(push_median docker.total)" "$n" "$(push_spread push.total)"
  figure '- ssh, pack, until it is accepted' ms "$(push_median push.ssh)" '' '' "$n" "$(push_spread push.ssh)"
  figure '- build' ms "$(push_median push.build)" 'docker build' "$(push_median docker.build)" "$n" "$(push_spread push.build)"
  figure '- start, boot, until it listens' ms "$(push_median push.start)" 'docker run -d, wait' \
    "$(to_ms "$(paste "$home/docker.run" "$home/docker.boot" | awk '{ print $1 + $2 }' | median)")" "$n" "$(push_spread push.start)"
  figure '- switch until it answers' ms "$(push_median push.switch)" 'nginx reload' "$(push_median docker.switch)" "$n" "$(push_spread push.switch)"
  figure '- git push has ended' ms "$(push_median push.ended)" '' '' "$n" "$(push_spread push.ended)"
}
