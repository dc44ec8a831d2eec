# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# The way out: what takes the platform off this host, and what is still there of it.
# Sourced by bin/lib/host.sh.

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
