# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# Class-data archives of a laid-out product (CDS): a program starts in half the time and shares memory with its kind. They are
# bound to the JVM and to the jars' paths, so they are made where the product is to run. Without them all works, only
# slower. Sourced.

# write_archives PRODUCT LOGS: PRODUCT has bin/ and lib/; what the programs say goes to LOGS/archive-PROGRAM.log.
write_archives() {
  archive_daemon "$1" "$2" router/router.jsa paas-routerd 'router listens'
  archive_daemon "$1" "$2" api/paasd.jsa paasd 'Listening on'
  [[ -s $1/lib/cli/paas.jsa ]] || say "note: no class-data archive for paas (see $2/archive-paas.log)"
  # This one can't start as anybody else.
  [[ $EUID -ne 0 ]] || archive_daemon "$1" "$2" runtime/paas-runtimed.jsa paas-runtimed listening
}

# The archive of the paas command: of the classes that these calls load, answered ones. With the heap of the JDK's own
# archive, which a list of classes keeps and a dump at the end of a run does not.
archive_command() { # PRODUCT LOGS API-URL TOKEN
  local lists words product=$1 log=$2/archive-paas.log lib=$1/lib/cli
  [[ -x $product/bin/paas ]] || return 0
  lists=$(mktemp -d)
  # Not from here: in a clone, paas create sets a git remote.
  while read -r -a words; do
    env -C "$lists" JDK_JAVA_OPTIONS="-Xshare:auto -XX:DumpLoadedClassList=$lists/${words[0]}${#words[@]}" \
      PAAS_API="$3" PAAS_TOKEN="$4" "$product/bin/paas" "${words[@]}" </dev/null || true
  done >"$log" 2>&1 <<'CALLS'
create archive
scale web=4 -a archive
ps -a archive
apps
config set NAME=value -a archive
releases -a nobody
run -a archive -- true
logs -a archive
version
CALLS
  sort -u "$lists"/* >"$lists/all"
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xshare:dump -XX:SharedClassListFile="$lists/all" -XX:SharedArchiveFile="$lib/paas.jsa" -cp "$lib/*" \
    >>"$log" 2>&1 || true
  rm -rf "$lists"
}

# The archive of a daemon, dumped when it ends; it is stopped when it says MARKER. It runs on settings of its own, on ports
# that the kernel picks. Twice if need be: a JVM that is stopped may halt before its archive is whole. The archive of a daemon
# that never said MARKER has few classes in it.
archive_daemon() { # PRODUCT LOGS FILE PROGRAM MARKER
  [[ -x $1/bin/$4 ]] || return 0
  dump_daemon "$@" || dump_daemon "$@" || say "note: no class-data archive for $4 (see $2/archive-$4.log)"
}

# A platform that is to run for a moment.
scratch_settings() { # DIR
  mkdir -p "$1"/data/{db,git,router} "$1"/run/{api,router,runtime}
  # The id: builds of two clones may meet on a host.
  printf '%s = "%s"\n' id c$((BASHPID % 100000)) data "$1/data" run "$1/run" control-user "$EUID" router-user "$EUID" |
    sed '1i [platform]' >"$1/paas.toml"
  printf '[%s]\n%s = "127.0.0.1:0"\n' api listen ssh listen router http >>"$1/paas.toml"
  printf '[runtime]\nnetwork = "10.213.252.0/22"\n' >>"$1/paas.toml"
}

await_words() { # WORDS LOG PID DEADLINE
  until grep -q "$1" "$2" || ! kill -0 "$3" 2>/dev/null || [[ $(now_ms) -gt $4 ]]; do sleep 0.05; done
}

# A field of a protobuf message: bytes without a zero, fewer than 128.
field() { # NUMBER BYTES
  local LC_ALL=C
  # shellcheck disable=SC2059 # the bytes are made as escapes of the format
  printf "\\x$(printf %x $(($1 * 8 + 2)))\\x$(printf %02x ${#2})%s" "$2"
}

# A number as a varint, for printf.
varint() { # NUMBER
  local number=$1
  while ((number > 127)); do
    printf '\\x%x' $((number & 127 | 128))
    number=$((number >> 7))
  done
  printf '\\x%x' "$number"
}

# The table of a router that is to forward archive.localhost to a port of this host (TableFile, RouteTable of router.proto).
write_table() { # FILE PORT
  local number backend
  number="\\x18$(varint "$2")"
  # shellcheck disable=SC2059 # the bytes are made as escapes of the format
  backend=$(field 1 archive.web.v1.1.g0 && field 2 127.0.0.1 && printf "$number" && field 4 web.1)
  {
    printf '\x08\x01'
    field 2 "$(field 1 archive && field 2 archive.localhost && field 3 "$backend")"
  } >"$1.message"
  printf 'paas-route-table 1 %s\n' "$(sha256sum <"$1.message" | cut -d' ' -f1)" | cat - "$1.message" >"$1"
  rm "$1.message"
}

dump_daemon() {
  local product=$1 log=$2/archive-$4.log jsa=$1/lib/$3 program=$4 marker=$5 scratch pid deadline=$(($(now_ms) + 600000))
  local origin='' behind
  scratch=$(mktemp -d)
  : >"$log"
  scratch_settings "$scratch"
  if [[ $program == paas-routerd ]]; then
    # Before its first request a router reads a table, and then it forwards. Behind this one is another router: without a
    # table its answer is 503, which is an answer like any other.
    scratch_settings "$scratch/origin"
    PAAS_CONFIG=$scratch/origin/paas.toml "$product/bin/$program" >"$scratch/origin/log" 2>&1 </dev/null 9>&- &
    origin=$!
    await_words "$marker" "$scratch/origin/log" "$origin" "$deadline"
    behind=$(sed -n 's/.* addresses=[^ ]*:\([0-9][0-9]*\) .*/\1/p' "$scratch/origin/log")
    if [[ -n $behind ]]; then
      write_table "$scratch/data/router/table" "$behind"
    else
      say "note: the class-data archive of paas-routerd is made without a forwarded request (its log names no port)"
    fi
  fi
  # With an admin, whose token the archive of the paas command needs.
  ssh-keygen -q -t ed25519 -N '' -C archive -f "$scratch/id"
  mv "$scratch/id.pub" "$scratch/data/db/first-admin.pub"
  JDK_JAVA_OPTIONS="-XX:ArchiveClassesAtExit=$jsa" PAAS_CONFIG=$scratch/paas.toml \
    "$product/bin/$program" >"$log" 2>&1 </dev/null 9>&- &
  pid=$!
  await_words "$marker" "$log" "$pid" "$deadline"
  # Requests: the classes that answer them are wanted in the archive, too.
  if ! grep -q "$marker" "$log"; then
    : # it did not start, and nobody would answer
  elif [[ $program == paasd ]]; then
    archive_command "$product" "$2" "$(sed -n 's|.*Listening on: \(http://[0-9.:]*\).*|\1|p' "$log")" "$(cat "$scratch/data/db/first-admin.token")"
    timeout 60 ssh -F none -i "$scratch/id" -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
      -p "$(sed -n 's/.*port=\([0-9]*\) taking pushes.*/\1/p' "$log")" paas@127.0.0.1 version >>"$2/archive-ssh.log" 2>&1 </dev/null || true
  else
    local port
    for port in $(ss -Hltnp | grep "pid=$pid," | awk '{ sub(/.*:/, "", $4); print $4 }'); do
      curl -s -m 60 -o /dev/null "http://127.0.0.1:$port/" || true
      [[ -z $origin ]] || curl -s -m 60 -o /dev/null -H 'Host: archive.localhost' -d body "http://127.0.0.1:$port/" || true
    done
  fi
  kill -TERM "$pid" 2>/dev/null || true
  wait "$pid" || true
  if [[ -n $origin ]]; then
    kill -KILL "$origin" 2>/dev/null || true
    wait "$origin" 2>/dev/null || true
  fi
  if [[ $program == paas-runtimed ]]; then
    PAAS_CONFIG=$scratch/paas.toml "$product/bin/$program" --down >>"$log" 2>&1 </dev/null 9>&- || true
  fi
  rm -rf --one-file-system "$scratch"
  [[ -s $jsa ]] && grep -q "$marker" "$log"
}
