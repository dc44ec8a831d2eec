# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# One throw-away platform from beginning to end; each file of bin/lib/platform is a part of it. Sourced by bin/dev.

. "$repo/bin/lib/platform/slots.sh"
. "$repo/bin/lib/platform/folder.sh"
. "$repo/bin/lib/platform/daemons.sh"
. "$repo/bin/lib/platform/images.sh"
. "$repo/bin/lib/platform/down.sh"

# A start that failed says why and leaves nothing.
give_up() {
  local status=$?
  trap - EXIT
  say "The platform did not start; its last words:"
  show_logs "$starting_slot" "$starting_dir"
  platform_down "$starting_dir"
  exit "$status"
}

platform_up() { # DIR FAULT_POINTS
  local dir k started
  dir=$(absolute "$1")
  started=$(now_ms)
  "$repo/bin/prepare"
  "$repo/bin/build"
  if slot_of "$dir" >/dev/null; then
    fail "A platform is in $dir already" "bin/dev down $1"
  fi
  if [[ -e $dir && -n $(ls -A "$dir" 2>/dev/null) ]]; then
    fail "$dir is not empty" "Name a new folder."
  fi
  check_passable "$dir"
  k=$(take_slot "$dir")
  # From here on there is something to clean up.
  starting_slot=$k starting_dir=$dir
  trap give_up EXIT
  trap 'exit 130' INT TERM HUP

  local control router
  control=$(control_uid_of "$k") router=$(router_uid_of "$k")
  api_port=$(free_port $((21000 + 100 * k)))
  ssh_port=$(free_port $((21001 + 100 * k)))
  http_port=$(free_port $((21002 + 100 * k)))
  https_port=$(free_port $((21003 + 100 * k)))
  make_folders "$k" "$dir"
  lay_out_product "$k" "$dir"
  write_settings "$k" "$dir" "$2"
  write_service "$k" "$dir" paas-runtimed 0
  write_service "$k" "$dir" paas-routerd "$router"
  write_service "$k" "$dir" paasd "$control"
  ssh-keygen -q -t ed25519 -N '' -C admin -f "$dir/id"
  install -o "$control" -g "$control" -m 0400 "$dir/id.pub" "$dir/data/db/first-admin.pub"

  [[ ! -x $repo/bin/stack ]] || "$repo/bin/stack"
  local planted=no
  ! plant_images "$dir" || planted=yes
  start_daemons "$k" "$dir"
  await_api "$k" "$dir" || fail "paasd did not answer on 127.0.0.1:$api_port within 60 s" "Read its last words below."
  write_environment "$k" "$dir" "$(cat "$dir/data/db/first-admin.token")"
  give_key_back "$dir"
  if [[ $planted == no ]]; then
    import_images "$dir"
    keep_images "$dir"
  fi
  trap - EXIT INT TERM HUP
  say "Platform $(id_of "$k") is up in $dir after $(since "$started"). To use it:  . $dir/env.sh"
}

platform_list() {
  local k
  for ((k = 0; k < slot_count; k++)); do
    [[ -f $slots/$k/dir ]] || continue
    printf '%-4s %-5s %s\n' "$(id_of "$k")" "$(platform_alive "$k" && echo up || echo dead)" "$(cat "$slots/$k/dir")"
  done
}
