# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# store: a commit of two rows to a database opened as paasd's, on the disk of the platform, with the CHECKPOINT SYNC that
# makes it survive a power cut and without it, taking turns.

store_percentile() { # PERCENT KIND
  awk -v kind="$2" '$1 == kind { print $2 }' "$home/store.commits" | sort -g |
    awk -v p="$1" '{ v[NR] = $1 } END { i = int(NR * p / 100); print v[i < 1 ? 1 : i] }'
}

measure_store() {
  local n product
  n=$(rounds 1000)
  product=$(realpath "$home/platform/product")
  java -XX:+UseSerialGC -cp "$product/lib/api/app/*:$product/lib/api/lib/main/*" "$bench/StoreCommits.java" \
    "$home/platform/store-bench" "$n" >"$home/store.commits" 2>"$home/log/store" ||
    fail "The commits failed" "$(tail -n 3 "$home/log/store")"
  rm -rf "$home/platform/store-bench"
  figure 'commit, synced to disk, p50' ms "$(to_ms "$(store_percentile 50 sync)")" 'the same without CHECKPOINT SYNC' \
    "$(to_ms "$(store_percentile 50 plain)")" "$n"
  figure '- p99' ms "$(to_ms "$(store_percentile 99 sync)")" '' "$(to_ms "$(store_percentile 99 plain)")" "$n"
}
