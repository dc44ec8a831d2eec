# shellcheck shell=bash disable=SC2034,SC2154 # the parts, and whoever sources this, use and set them
# The platform on a host with systemd: its users, folders, units and program files. The scripts in bin/lib/host are the parts
# of it, the other files there what it writes to the host. Sourced by bin/install.
#
# Program files lie in /opt/paas/VERSION; /opt/paas/current is a link that is replaced by one rename, and every unit starts
# programs through it. What is written is written beside its place and renamed, so that the next installation completes one
# that was cut short.

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

. "$repo/bin/lib/host/files.sh"
. "$repo/bin/lib/host/settings.sh"
. "$repo/bin/lib/host/program.sh"
. "$repo/bin/lib/host/users.sh"
. "$repo/bin/lib/host/units.sh"
. "$repo/bin/lib/host/daemons.sh"
. "$repo/bin/lib/host/images.sh"
. "$repo/bin/lib/host/removal.sh"
