# shellcheck shell=bash disable=SC2154 # bin/stack, which sources this, has set them
# What Go apps are built on, and the small image that their binary runs in. Debian's Go is too old for most of them: this one
# is Go's own, from the module proxy, the version and the checksum of the archive in bin/lib/stack/go/toolchain.

# Fetched by apt's downloader, which knows this host's proxies and certificates, and checks the sum.
fetch_go() { # VERSION SHA256
  local name=v0.0.1-go$1.linux-amd64 proxy=${GOPROXY:-https://proxy.golang.org}
  proxy=${proxy%%[,|]*}
  say "Fetching Go $1 from $proxy"
  rm -f "$work/go.zip"
  APT_CONFIG=$work/apt.conf /usr/lib/apt/apt-helper download-file "$proxy/golang.org/toolchain/@v/$name.zip" "$work/go.zip" "SHA256:$2" \
    >"$work/log" 2>&1 || fail "Go $1 could not be fetched: $(tail -n 1 "$work/log")" "Set GOPROXY to a module proxy that has it."
  unzip -q "$work/go.zip" -d "$work/go"
  local go=$work/go/golang.org/toolchain@$name
  chmod 0755 "$go"/bin/* "$go"/pkg/tool/*/* # an archive of a module keeps no modes
  rm -rf "$go"/{test,api,doc}
  tar -C "$go/.." --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(<"$work/epoch")" \
    --transform="s|^toolchain@$name|go|" --zstd -cf "$images/.go-$1.part" "toolchain@$name"
  mv "$images/.go-$1.part" "$images/.go-$1"
  rm -rf "$work/go" "$work/go.zip"
}

build_go() {
  local version sum
  read -r version sum <"$repo/bin/lib/stack/go/toolchain"
  [[ -f $images/.go-$version ]] || fetch_go "$version" "$sum"
  find "$images" -name '.go-*' ! -name ".go-$version" -delete
  strap "$work/go.tar.zst" "${slim[@]}" --include=ca-certificates,media-types,tzdata --customize-hook="$user_hook"
  strap "$work/go-build.tar.zst" "${slim[@]}" --include=ca-certificates,gcc,git,libc6-dev,pkg-config \
    --customize-hook="zstd -dcq $images/.go-$version | tar -C \"\$1/usr/local\" -xf -" \
    --customize-hook="test \"\$(chroot \"\$1\" env GOTOOLCHAIN=local /usr/local/go/bin/go env GOVERSION)\" = go$version" \
    --customize-hook="$user_hook"
  publish go paas/go:latest
  publish go-build paas/go-build:latest --env "GO_VERSION=$version"
}
