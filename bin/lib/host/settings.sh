# shellcheck shell=bash disable=SC2034,SC2154 # whoever sources this has set them, and uses them
# The settings file and the environment of the daemons, read and written the first time.
# Sourced by bin/lib/host.sh.

# setting TABLE KEY DEFAULT: a value of the settings file, in its table or as TABLE.KEY before the first one.
setting() {
  local found=
  [[ ! -r $settings_file ]] || found=$(awk -v wanted="$1" -v key="$2" '
    /^[ \t]*\[/ { table = $0; gsub(/[ \t\[\]]|#.*/, "", table) }
    (table == wanted && $0 ~ "^[ \t]*" key "[ \t]*=") || (table == "" && $0 ~ "^[ \t]*" wanted "[.]" key "[ \t]*=") {
      sub(/^[^=]*=[ \t]*/, ""); sub(/^["\047]/, ""); sub(/["\047]?[ \t]*(#.*)?$/, ""); print; exit
    }' "$settings_file")
  printf '%s' "${found:-$3}"
}

# setting_list TABLE KEY DEFAULT: the texts of a value that is one text or a list of them, one a line.
setting_list() {
  local found=
  [[ ! -r $settings_file ]] || found=$(awk -v wanted="$1" -v key="$2" '
    { sub(/#.*/, "") }
    !inside && /^[ \t]*\[/ { table = $0; gsub(/[ \t\[\]]/, "", table) }
    !inside && ((table == wanted && $0 ~ "^[ \t]*" key "[ \t]*=") || (table == "" && $0 ~ "^[ \t]*" wanted "[.]" key "[ \t]*=")) { inside = sub(/^[^=]*=[ \t]*/, ""); list = /^\[/ }
    inside {
      while (match($0, /"[^"]*"|\047[^\047]*\047/)) {
        print substr($0, RSTART + 1, RLENGTH - 2)
        $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH)
      }
      # Brackets within the texts, as of an IPv6 address, are gone by now.
      if (!list || /\]/) exit
    }' "$settings_file")
  printf '%s\n' "${found:-$3}"
}

read_settings() {
  id=$(setting platform id paas)
  data=$(setting platform data /var/lib/paas)
  run=$(setting platform run /run/paas)
  mapfile -t http < <(setting_list router http 0.0.0.0:80)
  # None where the list is empty: hosts from before there was HTTPS.
  mapfile -t https < <(setting_list router https '' | sed '/^$/d')
  ssh=$(setting ssh listen 0.0.0.0:2222)
  api=$(setting api listen 127.0.0.1:7410)
}

write_first_settings() { # DOMAIN EMAIL
  put 0644 "$settings_file" >/dev/null <<TOML
# The platform on this host. Every key, its default and its meaning: $current/docs/settings.md
[platform]
# Apps answer at <app>.<domain>: let *.<domain> point to this host.
domain = "$1"

[router]
https = "0.0.0.0:443"

[certificates]
# With an address, every host of an app gets a certificate by itself (Let's Encrypt), and plain HTTP is sent to HTTPS.
email = "$2"
TOML
}

# Proxies and where Java is, for the daemons: a service has nothing of the environment that it was installed in.
write_environment_file() {
  local name
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY JAVA_HOME; do
    [[ -z ${!name:-} ]] || printf '%s="%s"\n' "$name" "${!name}"
  done | put 0600 "$environment_file" >/dev/null
}
