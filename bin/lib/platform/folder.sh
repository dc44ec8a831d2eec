# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# The folder of a throw-away platform: who owns what in it, its program files, its settings, and how a person uses it.
# Sourced by bin/lib/platform.sh.

# The daemons' users own none of DIR's parents: they must be able to pass.
check_passable() { # DIR
  local above
  above=$(dirname "$1")
  while [[ $above != / ]]; do
    if [[ $((0$(stat -c %a "$above") & 1)) -eq 0 ]]; then
      fail "The daemons' own users can't pass through $above" "Use a folder below /tmp or /var/lib, or: chmod o+x $above"
    fi
    above=$(dirname "$above")
  done
}

folder() { # OWNER:GROUP MODE PATH
  mkdir -p "$3"
  chown "$1" "$3"
  chmod "$2" "$3"
}

make_folders() { # K DIR
  local dir=$2 control router
  control=$(control_uid_of "$1") router=$(router_uid_of "$1")
  folder 0:0 0711 "$dir"
  folder 0:0 0711 "$dir/data"
  folder 0:0 0700 "$dir/data/runtime"
  folder "$router:$router" 0700 "$dir/data/router"
  folder "$control:$control" 0700 "$dir/data/db"
  folder "$control:$control" 0700 "$dir/data/git"
  folder 0:0 0711 "$dir/run"
  folder "0:$control" 0750 "$dir/run/runtime"
  folder "$router:$control" 2750 "$dir/run/router"
  folder "$control:$control" 0700 "$dir/run/api"
  folder 0:0 0700 "$dir/log"
  folder 0:0 0700 "$dir/service"
}

# The build that this platform runs: dist/ itself where the daemons' users can read it, else a copy in DIR (whose
# class-data archives would be stale).
lay_out_product() { # K DIR
  local product
  product=$(realpath "$dist/bin/..")
  if (check_passable "$product") 2>/dev/null; then
    ln -sfn "$product" "$2/product"
  else
    cp -a "$product" "$2/product"
    find "$2/product" -name '*.jsa' -delete
  fi
  realpath "$2/product" >"$slots/$1/product"
}

write_settings() { # K DIR FAULT_POINTS
  local k=$1 dir=$2
  cat >"$slots/$k/paas.toml" <<TOML
# The throw-away platform in $dir, written by bin/dev.
[platform]
id = "$(id_of "$k")"
domain = "localhost"
data = "$dir/data"
run = "$dir/run"
control-user = "$(control_uid_of "$k")"
router-user = "$(router_uid_of "$k")"

[api]
listen = "127.0.0.1:$api_port"
fault-points = $3

[ssh]
listen = "127.0.0.1:$ssh_port"

[router]
http = "127.0.0.1:$http_port"
https = "127.0.0.1:$https_port"

[runtime]
network = "10.214.$((4 * k)).0/22"
uid-base = $(($(base_uid_of "$k") + 65536))
uid-ranges = 200
TOML
  chmod 0644 "$slots/$k/paas.toml"
  ln -sfn "$slots/$k/paas.toml" "$dir/paas.toml"
}

write_environment() { # K DIR TOKEN
  local k=$1 dir=$2
  cat >"$dir/env.sh" <<SH
# Source this: the platform in $dir.
export PAAS_API='http://127.0.0.1:$api_port'
export PAAS_TOKEN='$3'
export PAAS_DOMAIN='localhost'
export PAAS_SSH_PORT='$ssh_port'
export PAAS_HTTP_PORT='$http_port'
export PAAS_HTTPS_PORT='$https_port'
export PAAS_KEY='$dir/id'
export PAAS_ID='$(id_of "$k")'
export GIT_SSH_COMMAND='ssh -F none -i $dir/id -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile=$dir/known_hosts -o StrictHostKeyChecking=accept-new'
export PATH='$(cat "$slots/$k/product")/bin':"\$PATH"
SH
  chmod 0600 "$dir/env.sh"
}

# The person behind sudo reads the key and the token.
give_key_back() { # DIR
  if [[ -n ${SUDO_UID:-} ]]; then
    chown "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$1/env.sh" "$1/id" "$1/id.pub"
  fi
}
