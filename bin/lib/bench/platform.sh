# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# Our side: one throw-away platform by bin/dev, apps from samples/, and a way to ask an app cheaply. Sourced by bin/bench.

platform_begin() {
  "$repo/bin/dev" up "$home/platform" >"$home/log/up" 2>&1 || {
    cat "$home/log/up" >&2
    fail "The platform did not start" "Its last words are above."
  }
  # shellcheck source=/dev/null # bin/dev has just written it
  . "$home/platform/env.sh"
}

git_quietly() { git -c user.name=bench -c user.email=bench@example.org -c commit.gpgsign=false "$@" </dev/null; }

# Pushes a sample, or another folder, as an app, once for all figures of a run.
deploy() { # SAMPLE|FOLDER APP
  local from=$1
  [[ ! -d $home/$2 ]] || return 0
  [[ $from == /* ]] || from=$repo/samples/$from
  cp -a "$from" "$home/$2"
  (
    cd "$home/$2"
    git_quietly init -q -b main && git_quietly add -A && git_quietly commit -q -m 'First version'
    git_quietly remote add paas "ssh://paas@localhost:$PAAS_SSH_PORT/$2"
    git_quietly push paas main
  ) >"$home/log/push-$2" 2>&1 || {
    tail -n 20 "$home/log/push-$2" >&2
    fail "$from could not be pushed" "The build's output is above."
  }
}

# Whoever is asked may hang up before the question is out.
trap : PIPE

# ask ADDRESS PORT HOST PATH: sets `answer`, headers included, without starting a process: what waits must not be what is measured.
ask() {
  answer=
  { exec 7<>"/dev/tcp/$1/$2"; } 2>/dev/null || return 1
  printf 'GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$4" "$3" >&7 2>/dev/null || true
  IFS= read -r -d '' -t 2 answer <&7 2>/dev/null || true
  exec 7>&-
  [[ -n $answer ]]
}

# A pipe that never says anything: `doze SECONDS` waits without a process.
exec 8<> <(:)
doze() { read -r -t "$1" -u 8 || true; }

# await_text ADDRESS PORT HOST PATH TEXT: until the answer contains the text, for half a minute.
await_text() {
  local end=$((SECONDS + 30))
  until ask "$1" "$2" "$3" "$4" && [[ $answer == *"$5"* ]]; do
    [[ $SECONDS -lt $end ]] || fail "http://$3:$2$4 did not answer '$5' within 30 s" "The last answer was: $answer"
    doze 0.005
  done
}
await_app() { await_text 127.0.0.1 "$PAAS_HTTP_PORT" "$1.$PAAS_DOMAIN" "$2" "$3"; } # APP PATH TEXT

pid_of() { cat "$home/platform/run/$1.pid"; } # DAEMON
