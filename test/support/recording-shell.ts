import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A shell in which every program that scripts of patchlab know writes down how it was run, and does nothing else. */

/** One run of a program. */
export interface Call {
  readonly argv: readonly string[];
  readonly input: string;
}

export interface RecordingShell {
  /** Run a script in an empty folder. */
  readonly run: (script: string) => {
    readonly calls: readonly Call[];
    /** Files that it made. */
    readonly files: readonly string[];
    readonly stderr: string;
    readonly exitCode: number | null;
  };
  readonly remove: () => void;
}

/** What scripts use of the system to reach a guest. */
const REAL = ['base64', 'sed', 'cat'];

/** An answer that says to each question of a script that all is well. */
const AGENT = '{"return":{"pid":1,"exited":true,"exitcode":0}}';

/** Each call is its argument count, its arguments, and what came by standard input, with a NUL after each. */
const recorder = (log: string): string => `#!/bin/sh
{
  printf '%s\\0' $(($# + 1)) "\${0##*/}" "$@"
  /bin/cat
  printf '\\0'
} >>${log}
echo '${AGENT}'
`;

/** Make such a shell. The caller removes it. */
export function recordingShell(programs: readonly string[]): RecordingShell {
  const folder = mkdtempSync(join(tmpdir(), 'patchlab-test-shell-'));
  const [bin, work, log] = [join(folder, 'bin'), join(folder, 'work'), join(folder, 'log')];
  mkdirSync(bin);
  for (const name of programs) writeFileSync(join(bin, name), recorder(log), { mode: 0o755 });
  for (const name of REAL) symlinkSync(join('/usr/bin', name), join(bin, name));
  return {
    run(script) {
      rmSync(work, { recursive: true, force: true });
      mkdirSync(work);
      writeFileSync(log, '');
      const file = join(folder, 'script');
      writeFileSync(file, script);
      const { status, stderr } = spawnSync('/bin/sh', [file], {
        ...{ cwd: work, env: { PATH: bin }, encoding: 'utf8' },
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: 20_000,
      });
      return {
        calls: callsIn(readFileSync(log, 'utf8')),
        files: readdirSync(work),
        stderr,
        exitCode: status,
      };
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function callsIn(log: string): readonly Call[] {
  const words = log.split('\0').slice(0, -1);
  const calls: Call[] = [];
  for (let at = 0; at < words.length;) {
    const count = Number(words[at]);
    calls.push({ argv: words.slice(at + 1, at + 1 + count), input: words[at + 1 + count] ?? '' });
    at += count + 2;
  }
  return calls;
}
