# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# The base images of a throw-away platform: imported once for a build, and from then on the same files under a second name.
# Sourced by bin/lib/platform.sh.

# Where the base images lie unpacked after their first import, valid for these images and this build.
store=$dist/store
store_key() { cat "$dist/images/inputs" && realpath "$dist/bin"; }

# Gives a platform that has not started yet the unpacked base images: nobody writes to a layer, so its files are the same
# files under a second name: nobody but root may pass through the store either. False when there are none, or on another
# file system.
plant_images() { # DIR
  local into=$1/data/runtime
  [[ -f $store/key && $(<"$store/key") == "$(store_key 2>/dev/null)" ]] || return 1
  chmod 0700 "$store"
  # The lock: another build may be replacing the store.
  if (flock 9 && cp -al "$store"/{blobs,layers} "$into/" && cp -a "$store"/{images,layer-records,names.json} "$into/") \
    9>"$dist/images/.lock" 2>/dev/null; then
    return 0
  fi
  rm -rf "${into:?}"/{blobs,layers,images,layer-records,names.json}
  return 1
}

# Keeps the base images of a platform that has nothing else yet.
keep_images() { # DIR
  local from=$1/data/runtime made
  made=$(mktemp -d "$dist/store.XXXXXX")
  if cp -al "$from"/{blobs,layers} "$made/" 2>/dev/null && cp -a "$from"/{images,layer-records,names.json} "$made/"; then
    store_key >"$made/key"
    (
      flock 9
      rm -rf "$store" && mv -T "$made" "$store"
    ) 9>"$dist/images/.lock"
  fi
  rm -rf "$made"
}

import_images() { # DIR
  local image
  [[ -x $1/product/bin/paas ]] || { say "note: this build has no paas command; no base image was imported."; return 0; }
  local imports=() import
  for image in "$repo"/dist/images/*.tar*; do
    [[ -f $image && -f ${image%%.tar*}.args ]] || continue
    # shellcheck source=/dev/null # write_environment made it
    (. "$1/env.sh" && xargs -a "${image%%.tar*}.args" -r paas image import "$image" >/dev/null) &
    imports+=("$!")
  done
  for import in "${imports[@]}"; do
    wait "$import" || fail "A base image of $repo/dist/images could not be imported" "bin/stack --refresh builds it again."
  done
}
