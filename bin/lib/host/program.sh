# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# The versions of the program files below /opt/paas, and which of them runs.
# Sourced by bin/lib/host.sh.

# Copies this distribution to its own folder. A mark, written last, says that it is whole.
lay_out() { # VERSION
  local into=$program_files/$1 part
  [[ ! -e $into/complete ]] || return 0
  rm -rf "$into"
  mkdir -p "$into/dist" "$into/bin/lib"
  cp -a "$repo"/bin/{install,prepare} "$into/bin/"
  cp -a "$repo"/bin/lib/{common,archives,host}.sh "$repo/bin/lib/host" "$into/bin/lib/"
  cp -a "$repo/docs" "$repo/LICENSE" "$into/"
  cp -a "$dist/.fingerprint" "$into/dist/"
  for part in bin lib; do cp -a "$(realpath "$dist/$part")" "$into/dist/$part"; done
  find "$into" -name '*.jsa' -delete
  chown -R 0:0 "$into"
  chmod -R u+rwX,go+rX,go-w "$into"
}

complete() { # VERSION
  local into=$program_files/$1
  [[ ! -e $into/complete ]] || return 0
  mkdir -p "$into/log"
  write_archives "$into/dist" "$into/log"
  chmod -R a+rX "$into"
  : >"$into/complete"
}

switch_to() { # VERSION
  ln -sfn "$1" "$current.new"
  mv -T "$current.new" "$current"
  mkdir -p "$(dirname "$command_link")"
  ln -sfn "$current/dist/bin/paas" "$command_link"
}

remove_old_versions() { # VERSION
  local old
  for old in "$program_files"/*/; do
    old=$(basename "$old")
    [[ $old == current || $old == "$1" ]] || rm -rf "${program_files:?}/$old"
  done
}
