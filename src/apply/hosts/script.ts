import { randomUUID } from 'node:crypto';
import { PatchlabError } from '../../errors.js';
import { inNamespace } from '../../plan/tools/index.js';
import { escapeCommand, type CommandResult } from '../command.js';
import type { Host, SeriesCommand, SeriesOptions } from './define.js';

/**
 * Run programs one after the other as one POSIX shell script, by one call to a host. What a program says comes
 * as one text, in `stderr`.
 * @param enter - how the host enters a network namespace
 */
export async function runScript(
  run: Host['run'],
  commands: readonly SeriesCommand[],
  enter: 'nsenter' | 'ip',
  { keepGoing, timeout }: SeriesOptions,
): Promise<readonly CommandResult[]> {
  const mark = `patchlab-${randomUUID()}`;
  const input = [keepGoing ? KEEP_GOING : STOP, ...commands.map((one) => part(one, enter, mark))];
  const whole = await run({ argv: ['sh', '-s'], input: input.join(''), timeout });
  const pieces = whole.stdout.split(new RegExp(`\n${mark} (\\d+)\n`));
  const results = commands.flatMap(({ argv }, index): CommandResult[] => {
    const [said = '', status] = pieces.slice(2 * index, 2 * index + 2);
    if (status === undefined) return [];
    return [{ argv, exitCode: Number(status), stdout: '', stderr: said }];
  });
  const failed = results.at(-1)?.exitCode !== 0;
  if (results.length < commands.length && (keepGoing || !failed)) {
    throw new PatchlabError('command/failed', {
      what: `The shell ended after ${results.length} of ${commands.length} programs.`,
      why: whole.stderr || pieces.at(-1) || `exit code ${whole.exitCode}`,
    });
  }
  return results;
}

/** What comes after each program. */
const KEEP_GOING = `ended() { printf '\\n%s %s\\n' "$1" "$2"; }\n`;
const STOP = `ended() { printf '\\n%s %s\\n' "$1" "$2"; [ "$2" = 0 ] || exit 0; }\n`;

/** One program; \`exec\` keeps the shell from taking its name for one of its own commands. */
function part({ argv, netns, input }: SeriesCommand, enter: 'nsenter' | 'ip', mark: string) {
  const line = `(exec ${escapeCommand(inNamespace(argv, netns, enter))}) 2>&1`;
  const newline = input?.endsWith('\n') === false ? '\n' : '';
  const lines =
    input === undefined
      ? `${line} </dev/null\n`
      : `${line} <<'${mark}'\n${input}${newline}${mark}\n`;
  return `${lines}ended ${mark} $?\n`;
}
