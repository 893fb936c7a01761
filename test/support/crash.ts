import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { root, scratchFolder } from './cli.js';

/**
 * Patchlab with programs that crash it: each does what the machine's own does, counts the steps that it has made, and kills
 * patchlab after the one that is wanted, also in the middle of a batch of ip(8).
 */

/** The programs that change a host. */
const PROGRAMS = ['bridge', 'ethtool', 'ip', 'nft', 'ovs-ofctl', 'ovs-vsctl', 'rm', 'sysctl', 'tc'];

const PROGRAM = `#!/bin/sh
name=\${0##*/}
PATH=$CRASH_PATH
step() {
  echo >>"$CRASH_STEPS"
  [ "$(wc -l <"$CRASH_STEPS")" -ge "$CRASH_AT" ] && kill -s KILL "$CRASH_PID" 2>/dev/null || return
  # What outlives patchlab goes on; all else is ended now.
  sleep 1
}
case "$name $* " in
  *' -j '* | *' show '* | *' list '* | *'tool -k '* | *' json '*) exec "$name" "$@" ;;
  *' -batch - '*)
    code=0
    while read -r line; do
      printf '%s\\n' "$line" | "$name" "$@" || code=1
      step
      case "$code $*" in '1 '*-force*) ;; 1*) exit 1 ;; esac
    done
    exit $code
    ;;
esac
"$name" "$@"
code=$?
step
exit $code
`;

/** To be called where the test file is loaded. */
export function crasher() {
  const folder = scratchFolder();
  const program = join(folder, 'program');
  const steps = join(folder, 'steps');
  writeFileSync(program, PROGRAM);
  chmodSync(program, 0o755);
  for (const name of PROGRAMS) symlinkSync(program, join(folder, name));

  /**
   * Run patchlab, and kill it after a step. Where it makes fewer, it goes on to its end.
   * @returns how many steps it made
   */
  return async (words: readonly string[], at = Infinity): Promise<number> => {
    const { PATH = '' } = process.env;
    writeFileSync(steps, '');
    const { exitCode, signal, stderr } = await execa(
      'sh',
      ['-c', 'CRASH_PID=$$ exec "$@"', 'sh', join(root, 'bin/patchlab'), ...words],
      {
        reject: false,
        env: {
          ...{ PATH: `${folder}:${PATH}`, CRASH_PATH: PATH, CRASH_STEPS: steps },
          CRASH_AT: String(at === Infinity ? 1e9 : at),
        },
      },
    );
    const made = readFileSync(steps, 'utf8').length;
    if (signal !== 'SIGKILL' && (exitCode !== 0 || made >= at))
      throw new Error(`it ended with ${exitCode ?? signal}: ${stderr}`);
    return made;
  };
}
