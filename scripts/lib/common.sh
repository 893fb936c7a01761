# shellcheck shell=bash
# What the scripts share. The script that sources this sets `me`, its name in messages.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
export root

# One short line of progress.
say() { printf '%s: %s\n' "${me:?}" "$*"; }

# The host lacks something: what, why, what to do. Ends with exit code 4, as patchlab does.
lacks() {
  printf '%s: %s\n  why: %s\n  do:  %s\n' "${me:?}" "$1" "$2" "$3" >&2
  exit 4
}

# A time that has gone since `now` gave its begin; in words with one decimal.
now() { printf '%s\n' "${EPOCHREALTIME/[.,]/}"; }
tenths_since() { printf '%d\n' $((($(now) - $1) / 100000)); }
seconds() { printf '%d.%d s\n' $(($1 / 10)) $(($1 % 10)); }
since() { seconds "$(tenths_since "$1")"; }

# noisy LOG WHAT COMMAND...: runs a command with its output in LOG: one line of progress, ended by the
# seconds that it took; where it fails, the tail of the log and exit code 4.
noisy() {
  local log=$1 what=$2 begin code=0
  shift 2
  begin=$(now)
  printf '%s: %s ... ' "${me:?}" "$what"
  "$@" </dev/null >"$log" 2>&1 || code=$?
  if [ "$code" -ne 0 ]; then
    printf 'failed (exit code %d)\n' "$code"
    tail -n 30 -- "$log" | sed 's/^/  | /' >&2
    lacks "\`$*\` failed" "the end of its output is above, all of it in $log" \
      'mend what it names, then run this again'
  fi
  since "$begin"
}

# until_ok SECONDS COMMAND...: tries a command until it succeeds or the time is over.
until_ok() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}
