# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# The units, as this host's systemd understands them.
# Sourced by bin/lib/host.sh.

systemd_version() { systemctl --version | awk 'NR == 1 { print int($2) }'; }

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
