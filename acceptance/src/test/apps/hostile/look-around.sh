# shellcheck shell=sh
# A hostile build step: tries each target of its input, a line of a kind and what it needs, and says what it reached.
try() {
  case "$1" in
    tcp) timeout 3 bash -c "exec 3<>'/dev/tcp/$2/$3'" ;;
    read) head -c 1 "$2" ;;
    list) [ -n "$(ls -A "$2")" ] ;;
    unix) perl -MIO::Socket::UNIX -e 'exit !IO::Socket::UNIX->new(Peer => $ARGV[0])' "$2" ;;
    variable) env | grep -qi "$2" ;;
  esac >/dev/null 2>&1
}

while read -r kind what port; do
  (if try "$kind" "$what" "$port"; then echo "REACHED $kind $what $port"; else echo "refused $kind $what $port"; fi) &
done
wait
