/** Scripts for the POSIX shell of a guest, by which a program's input and output go through the guest's agent. */

/** Files of a stream that are there at a time, and blocks in each. Descriptor 4 is `control`; each pump has one for what was read. */
const LIMITS = { files: 2, blocks: 8 } as const;

/**
 * Runs `$2...` with files in the folder `$1`. What it prints goes to `out.0`, `out.1`, ... and `err.0`, ...; a line of `log`
 * says which of them are whole, and a line written to `out.ack` that one was read. Input comes in `in.0`, `in.1`, ...,
 * each announced by a line of `control`. The last line of `log` is the exit code.
 */
export const RUN = `
d=$1
shift
umask 077
# What this shell itself says of the program's end is nobody's business.
exec 2>/dev/null
mkdir "$d" || exit 1
mkfifo "$d/in" "$d/out" "$d/err" "$d/control" "$d/out.ack" "$d/err.ack"
: >"$d/out.0"
: >"$d/err.0"
pump() {
  n=0
  while :; do
    dd bs=65536 count=${LIMITS.blocks} of="$d/$1.$n" 2>/dev/null
    if [ ! -s "$d/$1.$n" ]; then
      printf '%s end\\n%s %s\\n' "$1" "$1" "$n" >>"$d/log"
      return
    fi
    # Who hears that a file is whole opens the next one.
    : >"$d/$1.$((n + 1))"
    printf '%s %s\\n' "$1" "$n" >>"$d/log"
    n=$((n + 1))
    if [ "$n" -ge ${LIMITS.files} ]; then
      read -r _ <&$2
      rm -f "$d/$1.$((n - ${LIMITS.files}))"
    fi
  done
}
feed() {
  while read -r n <&4; do
    [ "$n" != end ] || return
    cat "$d/in.$n" 2>/dev/null || { echo closed >>"$d/log"; return; }
    rm -f "$d/in.$n"
    echo "in $n" >>"$d/log"
  done
}
# Open both ways, so that whoever writes into them finds somebody who reads.
exec 4<>"$d/control" 5<>"$d/out.ack" 6<>"$d/err.ack"
pump out 5 <"$d/out" &
out=$!
pump err 6 <"$d/err" &
err=$!
feed >"$d/in" &
feeder=$!
: >"$d/log"
# With its path, since busybox would take its own shell, which takes its own programs. In parentheses, or a shell that
# tells of a signal would tell it into the program's own output.
(
  exec setsid /bin/sh -c 'echo $$ >"$0/pid"; exec "$@"' "$d" "$@" \
    <"$d/in" >"$d/out" 2>"$d/err" 4>&- 5>&- 6>&-
)
code=$?
kill "$feeder" 2>/dev/null
wait "$out" "$err"
echo "exit $code" >>"$d/log"
`;

/** Sends the signal \`$2\` to all that was started in the folder \`$1\`. */
export const KILL = `
read -r pid <"$1/pid" && kill -s "$2" -- "-$pid"
`;

/** Removes the folder \`$1\`, and what is left of the programs that were started there. */
export const REMOVE = `
read -r pid <"$1/pid" && kill -s TERM -- "-$pid"
rm -rf "$1"
`;
