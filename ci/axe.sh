#!/usr/bin/env bash
# Prints where axe-core is, the accessibility checker of the tests; it is fetched by npm once, and never shipped.
set -euo pipefail
cd "$(dirname "$0")/.."
version=4.14.1
folder=.venv/axe-$version
if [ ! -f "$folder/package/axe.min.js" ]; then
  command -v npm >/dev/null || exit 0
  mkdir -p "$folder"
  (cd "$folder" && npm pack --silent "axe-core@$version" >/dev/null 2>&1 && tar xzf ./*.tgz package/axe.min.js) || exit 0
fi
echo "$PWD/$folder/package/axe.min.js"
