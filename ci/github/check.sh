#!/usr/bin/env bash
# Calls `heshu check` as the action's inputs say: annotations to the log, Markdown to the job's summary.
set -uo pipefail
arguments=()
if [ -n "${PATHS:-}" ]; then
  # shellcheck disable=SC2206  # paths are separated by spaces
  arguments+=($PATHS)
fi
if [ -z "${SINCE:-}" ] && [ -n "${BASE:-}" ]; then
  SINCE=origin/$BASE
fi
if [ -n "${SINCE:-}" ] && [ "$SINCE" != none ]; then
  arguments+=("--since=$SINCE")
fi
if [ -n "${FAIL_ON:-}" ]; then arguments+=("--fail-on=$FAIL_ON"); fi
if [ -n "${HESHU_LANG:-}" ]; then arguments+=("--lang=$HESHU_LANG"); fi
summary=$(mktemp)
arguments+=(--format github --output - --format markdown --output "$summary")
if [ -n "${SARIF:-}" ]; then arguments+=(--format sarif --output "$SARIF"); fi
heshu check "${arguments[@]}"
code=$?
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$summary" >>"$GITHUB_STEP_SUMMARY"; fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then echo "exit-code=$code" >>"$GITHUB_OUTPUT"; fi
rm -f "$summary"
exit "$code"
