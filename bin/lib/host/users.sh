# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# Who daemons and apps are on this host: users, their folders, and the AppArmor profile of apps.
# Sourced by bin/lib/host.sh.

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
