# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# How files get onto this host: written beside their place and renamed, with this host's values filled in.
# Sourced by bin/lib/host.sh.

# put MODE FILE: standard input becomes the file, at once or not at all. Names it when its content is new.
put() {
  local new=$2.new
  mkdir -p "$(dirname "$2")"
  cat >"$new"
  chmod "$1" "$new"
  if cmp -s "$new" "$2"; then
    rm "$new"
  else
    mv "$new" "$2"
    basename "$2"
  fi
}

# A file of bin/lib/host with this host's values.
filled() { # FILE
  local hardened=
  [[ $(basename "$1") == *.conf ]] || hardened=$repo/bin/lib/host/hardened.conf
  awk -v file="$hardened" -v http="${http[*]} ${https[*]}" '
    $0 == "@hardened@" { while ((getline line < file) > 0) if (line !~ /^#/) print line; next }
    sub(/@http@$/, "") { count = split(http, addresses, " "); for (i = 1; i <= count; i++) print $0 addresses[i]; next }
    { print }' "$1" | sed -e "s|@data@|$data|g" -e "s|@run@|$run|g"
}
