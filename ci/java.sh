#!/usr/bin/env bash
# Succeeds if there is a Java that Spark 4 runs on; else says what is missing.
set -euo pipefail
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
if ! command -v "$java" >/dev/null; then
  echo "Spark needs Java 17 or newer; there is no $java. Debian: apt-get install openjdk-17-jre-headless" >&2
  exit 1
fi
version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
if [ "${version:-0}" -lt 17 ]; then
  echo "Spark needs Java 17 or newer; $java is ${version:-of no known version}" >&2
  exit 1
fi
