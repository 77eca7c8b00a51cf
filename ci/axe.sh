#!/usr/bin/env bash
# Prints where axe-core is, the accessibility checker of the tests; npm fetches it once, and nothing ships it. Without npm
# it prints nothing, and says so.
set -euo pipefail
cd "$(dirname "$0")/.."
version=4.14.1
folder=.venv/axe-$version
if [ ! -f "$folder/package/axe.min.js" ]; then
  if ! command -v npm >/dev/null; then
    echo "there is no npm: the page's accessibility is not checked" >&2
    exit 0
  fi
  mkdir -p "$folder"
  cd "$folder"
  npm pack --silent "axe-core@$version" >/dev/null
  tar xzf ./*.tgz package/axe.min.js
  cd - >/dev/null
fi
echo "$PWD/$folder/package/axe.min.js"
