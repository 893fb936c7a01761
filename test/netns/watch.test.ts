import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { resultSchemas } from '../../src/report/schemas/index.js';
import { cli, restoresHost, startCli, untilSaid } from '../support/cli.js';

restoresHost();

type Line = z.output<typeof resultSchemas.watch>;

/** Everything that was said, as it is documented. */
const linesOf = (stdout: string): readonly Line[] =>
  stdout.split('\n').map((line) => resultSchemas.watch.parse(JSON.parse(line)));

/** Programs below a process, at any depth. */
async function programsOf(pid: number | undefined): Promise<readonly string[]> {
  const { stdout } = await execa('ps', ['-o', 'args=', '--ppid', String(pid)], { reject: false });
  return stdout.split('\n').filter((line) => line.includes('monitor'));
}

describe('watch', () => {
  it('tells of cables pulled by hand and by patchlab, of neighbours and impairments, until Ctrl-C', async () => {
    await cli(['up', 'namespace-cable']);
    const watch = startCli(['watch', 'namespace-cable', '--json']);
    const heard = (text: string) => untilSaid(watch, text);
    await heard('"begin"');
    expect(await programsOf(watch.pid)).toHaveLength(2);
    const steps: readonly (readonly [() => Promise<unknown>, string])[] = [
      [
        () => execa('ip', ['-n', 'namespace-cable.b', 'link', 'set', 'eth1', 'down']),
        '"b:eth1","stack":"b","device":"eth1","link":"a:eth1-b:eth1","state":"down"',
      ],
      [
        () => execa('ip', ['-n', 'namespace-cable.b', 'link', 'set', 'eth1', 'up']),
        '"b:eth1","stack":"b","device":"eth1","link":"a:eth1-b:eth1","state":"up"',
      ],
      [() => cli(['exec', 'a', '--', 'ping', '-c', '1', '10.0.0.2']), '"state":"seen"'],
      [() => cli(['impair', 'a:eth1', '--rate', '5Mbit']), '"now":{"rate":5000000}'],
      [() => cli(['impair', 'a:eth1', '--clear']), '"now":null'],
      [() => cli(['cut', 'a:eth1']), '"state":"cut"'],
      [() => cli(['plug', 'a:eth1']), '"state":"plugged"'],
    ];
    for (const [act, text] of steps) await Promise.all([heard(text), act()]);
    watch.kill('SIGINT');
    const { exitCode, stdout } = await watch;
    expect(exitCode).toBe(0);
    const lines = linesOf(stdout);
    expect(lines.at(-1)).toMatchObject({ event: 'end', lab: 'namespace-cable' });
    expect(lines).toContainEqual(
      expect.objectContaining({ event: 'neighbour', stack: 'a', address: '10.0.0.2' }),
    );
    const { stdout: left } = await execa('ps', ['-eo', 'args=']);
    expect(left).not.toContain('-n namespace-cable.');
  });

  it('leaves no program behind when it is killed, and ends with the lab', async () => {
    await cli(['up', 'namespace-cable']);
    const killed = startCli(['watch', 'namespace-cable', '--json']);
    await untilSaid(killed, '"begin"');
    killed.kill('SIGKILL');
    await killed;
    await expect
      .poll(async () => (await execa('ps', ['-eo', 'args='])).stdout)
      .not.toContain('-n namespace-cable.');
    const watch = startCli(['watch', 'namespace-cable', '--json']);
    await untilSaid(watch, '"begin"');
    await cli(['down', 'namespace-cable']);
    const { exitCode, stdout } = await watch;
    expect([exitCode, linesOf(stdout).map(({ event }) => event)]).toEqual([
      0,
      expect.arrayContaining(['begin', 'lab', 'end']),
    ]);
  });
});
