# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# The base images of a distribution, imported into the platform that runs.
# Sourced by bin/lib/host.sh.

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
