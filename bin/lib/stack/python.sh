# shellcheck shell=bash disable=SC2154 # bin/stack, which sources this, has set them
# What Python apps run on, and what they are built on: the same with compilers and headers, for packages that have no wheel.
# The libraries are those that the most used packages without a complete wheel link against: psycopg2, mysqlclient, Pillow, cffi.

build_python() {
  local run=(ca-certificates python3 python3-venv media-types tzdata libpq5 libmariadb3 libjpeg62-turbo libffi8)
  local build=(build-essential git pkg-config python3-dev libpq-dev libmariadb-dev libjpeg-dev libffi-dev zlib1g-dev)
  local version
  strap "$work/python.tar.zst" "${slim[@]}" --include="$(IFS=, && printf '%s' "${run[*]}")" \
    --customize-hook="$user_hook" \
    --customize-hook="chroot \"\$1\" python3 --version | cut -d ' ' -f 2 >$work/python-version"
  strap "$work/python-build.tar.zst" "${slim[@]}" --include="$(IFS=, && printf '%s' "${run[*]},${build[*]}")" \
    --customize-hook="$user_hook"
  version=$(<"$work/python-version")
  publish python paas/python:latest --env "PYTHON_VERSION=$version"
  publish python-build paas/python-build:latest --env "PYTHON_VERSION=$version"
}
