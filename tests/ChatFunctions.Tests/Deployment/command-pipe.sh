#!/bin/sh
# Hands a call to the tests, by the two pipes in the folder above the command's, and ends with their answer: a command's name, and its
# arguments after a NUL each; the exit code in a line, and what the command writes.
pipes=${0%/*}/..
{ printf '%s' "${0##*/}"; for argument in "$@"; do printf '\0%s' "$argument"; done; } > "$pipes/requests"
{ read -r code; [ "$code" = 0 ] || exec >&2; while IFS= read -r line; do printf '%s\n' "$line"; done; } < "$pipes/answers"
exit "$code"
