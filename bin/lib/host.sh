# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# The platform on a host with systemd: its users, folders, units and program files. Sourced by bin/install.
#
# Program files lie in /opt/paas/VERSION; /opt/paas/current is a link that is replaced by one rename, and every unit starts
# programs through it. What is written is written beside its place and renamed, so that an installation that was cut short
# is mended by the next one.

program_files=/opt/paas
current=$program_files/current
settings_file=/etc/paas/paas.toml
environment_file=/etc/paas/environment
units=(paas-instances.service paas-runtimed.service paas-routerd.socket paas-routerd.service paasd.service)
# Serves while paas-routerd is being replaced; written from its unit.
bridge=paas-routerd-bridge.service
unit_folder=/etc/systemd/system
sysusers_file=/usr/lib/sysusers.d/paas.conf
tmpfiles_file=/usr/lib/tmpfiles.d/paas.conf
command_link=/usr/local/bin/paas
apparmor_file=/etc/apparmor.d/paas-instance

# setting TABLE KEY DEFAULT: a value of the settings file.
setting() {
  local found=
  [[ ! -r $settings_file ]] || found=$(awk -v wanted="$1" -v key="$2" '
    /^[ \t]*\[/ { table = $0; gsub(/[ \t\[\]]|#.*/, "", table) }
    table == wanted && $1 == key {
      sub(/^[^=]*=[ \t]*/, ""); sub(/^["\047]/, ""); sub(/["\047]?[ \t]*(#.*)?$/, ""); print; exit
    }' "$settings_file")
  printf '%s' "${found:-$3}"
}

read_settings() {
  id=$(setting platform id paas)
  data=$(setting platform data /var/lib/paas)
  run=$(setting platform run /run/paas)
  http=$(setting router http 0.0.0.0:80)
  ssh=$(setting ssh listen 0.0.0.0:2222)
  api=$(setting api listen 127.0.0.1:7410)
}

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
  awk -v file="$hardened" '
    $0 == "@hardened@" { while ((getline line < file) > 0) if (line !~ /^#/) print line; next }
    { print }' "$1" | sed -e "s|@data@|$data|g" -e "s|@run@|$run|g" -e "s|@http@|$http|g"
}

systemd_version() { systemctl --version | awk 'NR == 1 { print int($2) }'; }

# ---------------------------------------------------------------- in

# A line for each listening port that somebody else has.
ports_taken() {
  local address
  for address in "$http" "$ssh" "$api"; do
    ss -Hltnp "sport = :${address##*:}" 2>/dev/null | awk -v port="${address##*:}" '
      { who = "another program"; if (match($0, /"[^"]+"/)) who = substr($0, RSTART + 1, RLENGTH - 2); print port " (" who ")" }' | sort -u
  done
}

write_first_settings() { # DOMAIN
  put 0644 "$settings_file" >/dev/null <<TOML
# The platform on this host. Every key, its default and its meaning: $current/docs/settings.md
[platform]
# Apps answer at <app>.<domain>: let *.<domain> point to this host.
domain = "$1"
TOML
}

# Proxies and where Java is, for the daemons: a service has nothing of the environment that it was installed in.
write_environment_file() {
  local name
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY JAVA_HOME; do
    [[ -z ${!name:-} ]] || printf '%s="%s"\n' "$name" "${!name}"
  done | put 0600 "$environment_file" >/dev/null
}

make_users_and_folders() {
  filled "$repo/bin/lib/host/sysusers.conf" | put 0644 "$sysusers_file" >/dev/null
  filled "$repo/bin/lib/host/tmpfiles.conf" | put 0644 "$tmpfiles_file" >/dev/null
  systemd-sysusers "$sysusers_file"
  # Of an older installation, too: before anything of this one starts, nobody but root reaches what apps wrote.
  systemd-tmpfiles --create "$tmpfiles_file"
  # What an uninstalled platform left belongs to root, what another user database left to anybody.
  local pair
  for pair in db:paas git:paas router:paas-router; do
    # The router renames files of its log while this looks.
    find "$data/${pair%%:*}" -ignore_readdir_race ! -user "${pair##*:}" -exec chown -h "${pair##*:}:${pair##*:}" {} +
  done
}

# Where the host has AppArmor, processes of apps get a profile; instances that run keep what they began with.
load_apparmor_profile() {
  [[ -e /sys/kernel/security/apparmor/profiles ]] && command -v apparmor_parser >/dev/null || return 0
  put 0644 "$apparmor_file" <"$repo/bin/lib/host/apparmor.conf" >/dev/null
  apparmor_parser --replace --write-cache "$apparmor_file" 2>/dev/null || {
    rm -f "$apparmor_file"
    say "note: this host's AppArmor does not take the profile of apps; they run without it."
  }
}

unload_apparmor_profile() {
  [[ -e $apparmor_file ]] || return 0
  apparmor_parser --remove "$apparmor_file" 2>/dev/null || true
  rm -f "$apparmor_file"
}

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

# Names the units that are new or others than before.
write_units() {
  local unit
  for unit in "${units[@]}"; do
    filled "$repo/bin/lib/host/$unit" | for_this_systemd "$unit" | put 0644 "$unit_folder/$unit"
  done
  filled "$repo/bin/lib/host/paas-routerd.service" | sed -e '/^\[Install\]/,$d' -e 's/^Restart=.*/Restart=no/' \
    -e 's/^Description=.*/& while it is being replaced/' -e 's/^\[Service\]$/&\nSockets=paas-routerd.socket/' |
    put 0644 "$unit_folder/$bridge"
}

# Since 254 systemd itself puts the sleeper into a leaf, and can do so again after it was killed. Before, nothing can be started
# in a group that has controllers for others (219/CGROUP); the instances stay, and paas doctor says it.
for_this_systemd() { # UNIT
  if [[ $1 == paas-instances.service && $(systemd_version) -ge 254 ]]; then
    sed 's/^Delegate=yes$/&\nDelegateSubgroup=holder\nRestart=on-failure\nRestartSec=1/'
  else
    cat
  fi
}

switch_to() { # VERSION
  ln -sfn "$1" "$current.new"
  mv -T "$current.new" "$current"
  mkdir -p "$(dirname "$command_link")"
  ln -sfn "$current/dist/bin/paas" "$command_link"
}

# Waits until the control plane answers; gives up early when its service ends again and again.
await_api() { # SECONDS
  local deadline=$(($(now_ms) + $1 * 1000)) restarts
  restarts=$(systemctl show -P NRestarts paasd.service)
  until curl -fsS -m 2 -o /dev/null "http://$api/v1/version" 2>/dev/null; do
    [[ $(now_ms) -lt $deadline && $(systemctl show -P NRestarts paasd.service) -lt $((restarts + 3)) ]] || return 1
    sleep 0.1
  done
}

# Runs a command that starts a router, and waits until that one serves: its last step is to put its own control socket in
# the place of the one before.
start_router() { # COMMAND...
  local before deadline=$(($(now_ms) + 300000))
  before=$(stat -c %i "$run/router/control.sock" 2>/dev/null || true)
  "$@"
  until [[ $(stat -c %i "$run/router/control.sock" 2>/dev/null) != "$before" ]]; do
    [[ $(now_ms) -lt $deadline ]] || return 1
    sleep 0.05
  done
}

# A new router for the old one: it ends what is under way, for half a minute at most, while a third one takes what is new.
replace_router() {
  start_router systemctl start "$bridge" || {
    systemctl stop "$bridge"
    show_journal
    fail "The new router does not start; the old one serves on" "Its last words are above."
  }
  start_router systemctl restart paas-routerd.service || fail "The new router does not start" "journalctl -u paas-routerd"
  systemctl stop "$bridge"
}

# The last lines of every daemon, for a start that failed.
show_journal() {
  local unit
  for unit in paas-runtimed paas-routerd "$bridge" paasd; do
    say "--- $unit"
    journalctl --no-pager -q -n 15 -o cat -u "$unit" >&2 || true
  done
}

# Root is logged in, so that `paas` works for whoever administers the host.
import_images() {
  local image stamp=$data/base-images made
  [[ -f $dist/images/inputs ]] || return 0
  # The second file is there only where a mirror was asked for its state.
  made=$(cat "$dist"/images/{inputs,mirror-state} 2>/dev/null || true)
  [[ $made != "$(cat "$stamp" 2>/dev/null || true)" ]] || return 0
  for image in "$dist"/images/*.tar*; do
    [[ -f ${image%%.tar*}.args ]] || continue
    xargs -a "${image%%.tar*}.args" -r "$current/dist/bin/paas" image import "$image" >/dev/null || {
      say "note: $(basename "$image") was not imported; as an admin: paas image import $image $(tr '\n' ' ' <"${image%%.tar*}.args")"
      return 0
    }
  done
  put 0644 "$stamp" <<<"$made" >/dev/null
}

remove_old_versions() { # VERSION
  local old
  for old in "$program_files"/*/; do
    old=$(basename "$old")
    [[ $old == current || $old == "$1" ]] || rm -rf "${program_files:?}/$old"
  done
}

# ---------------------------------------------------------------- out

# What of the platform is still on this host, one thing a line.
left_on_host() {
  local pid first last uid user
  first=$(setting runtime uid-base 1000000000)
  last=$((first + $(setting runtime uid-ranges 4096) * 65536))
  for pid in /proc/[0-9]*; do
    uid=$(stat -c %u "$pid" 2>/dev/null) || continue
    [[ $uid -lt $first || $uid -ge $last ]] || echo "process ${pid#/proc/} of uid $uid"
  done
  for user in paas paas-router; do
    ! id "$user" >/dev/null 2>&1 || echo "user $user"
  done
  awk -v run="$run/" 'index($5, run) == 1 { print "mount " $5 }' /proc/self/mountinfo
  find /sys/fs/cgroup -maxdepth 4 -type d \( -name "paas-$id" -o -name 'paas-instances.service' \) 2>/dev/null | sed 's/^/cgroup /'
  nft list tables 2>/dev/null | awk -v name="paas-$id" '$3 == name { print "nft table " $3 }'
  ip -br link 2>/dev/null | awk -v id="$id" '$1 ~ "^v" id "-" { print "link " $1 }'
  ip route show type unreachable 2>/dev/null | grep -F "$(setting runtime network 10.214.0.0/16)" | sed 's/^/route /' || true
  local path
  for path in "$program_files" "$command_link" "$sysusers_file" "$tmpfiles_file" "$apparmor_file" "$run" "$unit_folder/$bridge" "${units[@]/#/$unit_folder/}"; do
    [[ ! -e $path && ! -L $path ]] || echo "file $path"
  done
}

take_away() { # yes|no: purge
  local user
  systemctl disable --quiet "${units[@]}" 2>/dev/null || true
  systemctl stop paasd.service paas-routerd.socket paas-routerd.service "$bridge" paas-runtimed.service 2>/dev/null || true
  if [[ -x $current/dist/bin/paas-runtimed && -r $settings_file ]]; then
    PAAS_CONFIG=$settings_file "$current/dist/bin/paas-runtimed" --down >/dev/null 2>"$run/down.log" </dev/null ||
      { cat "$run/down.log" >&2; say "note: paas-runtimed --down ended with an error."; }
  fi
  systemctl stop paas-instances.service 2>/dev/null || true
  rm -f "${units[@]/#/$unit_folder/}" "$unit_folder/$bridge" "$sysusers_file" "$tmpfiles_file"
  systemctl daemon-reload
  systemctl reset-failed "${units[@]}" "$bridge" 2>/dev/null || true
  # What is kept belongs to root from now on: the numbers of removed users may become somebody else's.
  [[ ! -d $data ]] || chown -hR 0:0 "$data"/{db,git,router} 2>/dev/null || true
  for user in paas paas-router; do
    ! id "$user" >/dev/null 2>&1 || userdel "$user" 2>/dev/null || true
  done
  unload_apparmor_profile
  rm -rf --one-file-system "$run"
  [[ $(readlink "$command_link") != "$program_files"/* ]] || rm -f "$command_link"
  rm -rf "${program_files:?}"
  [[ $1 == no ]] || rm -rf --one-file-system "${data:?}" /etc/paas "$(getent passwd 0 | cut -d: -f6)/.config/paas"
}
