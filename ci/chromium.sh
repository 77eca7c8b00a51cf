#!/usr/bin/env bash
# Says whether there is a Chromium with its driver; as root on Debian it is installed if missing.
set -euo pipefail
if ! command -v chromium >/dev/null || ! command -v chromedriver >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing chromium and its driver …"
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-driver >/dev/null 2>&1 || true
  fi
fi
command -v chromium >/dev/null && command -v chromedriver >/dev/null || {
  echo "needs chromium and chromedriver: apt-get install chromium chromium-driver"
  exit 1
}
