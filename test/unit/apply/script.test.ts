import { describe, expect, it } from 'vitest';
import { localHost } from '../../../src/apply/hosts/local.js';
import { runScript } from '../../../src/apply/hosts/script.js';

const sh = (script: string, ...args: readonly string[]) => ({
  argv: ['sh', '-c', script, 'sh', ...args],
});
const series = (commands: Parameters<typeof runScript>[1], keepGoing = false) =>
  runScript((command) => localHost.run(command), commands, 'nsenter', {
    keepGoing,
    timeout: 10_000,
  });

describe('a series of programs', () => {
  it('gives each its arguments and input as they are, and tells what each said', async () => {
    const odd = `a 'quote', "two",\n$HOME \\ * EOF`;
    const input = `first $line\n\`second\`\n'EOF'\n`;
    const results = await series([
      { ...sh('printf %s "$1"', odd) },
      { ...sh('cat; echo done >&2'), input },
      { ...sh('cat; printf "\\n1 0\\n"') },
    ]);
    expect(results.map(({ stderr }) => stderr)).toEqual([odd, `${input}done\n`, '\n1 0\n']);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  });

  it('ends with the first that fails, unless it is to go on', async () => {
    const commands = [sh('true'), sh('echo no; exit 3'), { argv: ['no-such-program'] }, sh('true')];
    const codes = (results: Awaited<ReturnType<typeof series>>) =>
      results.map(({ exitCode }) => exitCode);
    expect(codes(await series(commands))).toEqual([0, 3]);
    expect(codes(await series(commands, true))).toEqual([0, 3, 127, 0]);
  });

  it('takes no program’s name for a command of the shell', async () => {
    const [result] = await series([{ argv: ['exit', '0'] }, sh('true')]);
    expect(result).toMatchObject({ argv: ['exit', '0'], exitCode: 127 });
  });

  it('fails as a whole when the shell does not come to its end', async () => {
    const killing = sh('kill -9 $PPID; sleep 1');
    const ends = await series([killing, sh('true')], true).then(
      (results) => results.map(({ exitCode }) => exitCode),
      (error: unknown) => error,
    );
    expect(ends).toMatchObject({ code: 'command/failed' });
  });
});
