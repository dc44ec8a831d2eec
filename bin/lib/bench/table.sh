# shellcheck shell=bash disable=SC2154 # whoever sources this has set them
# Figures as a table of 80 columns, or one JSON object a line: medians, and the least and the most of our rounds.
# Sourced by bin/bench.

rounds() { printf '%s' "${rounds_wanted:-$1}"; } # DEFAULT

# Microseconds since the epoch.
now_us() { printf '%s' "${EPOCHREALTIME/[.,]/}"; }

# to_ms US: with two digits.
to_ms() { awk -v us="$1" 'BEGIN { printf "%.2f", us / 1000 }'; }

# The middle one of the lines of stdin; nothing when there are none.
median() {
  sort -g | awk '{ v[NR] = $1 } END { if (NR) printf "%.2f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# spread [to_ms] <ROUNDS: the least and the most of the lines of stdin, in the unit of the figure.
spread() {
  local all
  all=$(sort -g)
  [[ -n $all ]] || return 0
  printf '%s %s' "$("${1:-echo}" "$(head -n 1 <<<"$all")")" "$("${1:-echo}" "$(tail -n 1 <<<"$all")")"
}

table_head() {
  [[ $json == yes ]] || printf '%-36s %-4s %9s %9s %6s %6s\n' figure unit ours peer ratio rounds
}

# figure NAME UNIT OURS PEER_NAME PEER ROUNDS [SPREAD]; an empty PEER has none.
figure() {
  local ratio='' least='' most=''
  read -r least most <<<"${7:-}" || true
  [[ -z $5 ]] || ratio=$(awk -v a="$3" -v b="$5" 'BEGIN { if (b > 0) printf "%.2f", a / b }')
  if [[ $json == yes ]]; then
    printf '{"name":"%s","unit":"%s","ours":%s,"peer_name":%s,"peer":%s,"ratio":%s,"rounds":%d,"min":%s,"max":%s}\n' \
      "$1" "$2" "$3" "$([[ -z $4 ]] && echo null || printf '"%s"' "$4")" "${5:-null}" "${ratio:-null}" "$6" "${least:-null}" "${most:-null}"
    return
  fi
  printf '%-36s %-4s %9s %9s %6s %6d\n' "$1" "$2" "$3" "${5:--}" "${ratio:--}" "$6"
  [[ -z $4$least ]] || printf '  %s%s\n' "${least:+from $least to $most}" "${4:+${least:+; }beside: $4}"
}
