import { execa } from 'execa';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkRequirements } from '../../src/apply/doctor/index.js';
import { cli, scratchFolder, startCli, status, topologyFile, verify } from '../support/cli.js';

/** A segment joined to a real interface of the machine: a veth of this private host stands for it, with a neighbour outside. */

const LAB = `name: joined
nodes:
  a: { kind: netns, addresses: { eth1: 198.51.100.10/24 } }
  b: { kind: netns, addresses: { eth1: 198.51.100.11/24 } }
links:
  - { kind: bridge, name: segment, uplink: real0, ends: [a:eth1, b:eth1] }
verify:
  - { probe: icmp, from: a:eth1, to: b:eth1 }
`;

const folder = scratchFolder();
const ip = async (...args: readonly string[]) => (await execa('ip', args)).stdout;
/** All that the machine tells of the interface: flags, promiscuity, master, addresses, MTU; and its routes. */
const shown = async (): Promise<unknown> =>
  JSON.parse(
    `[${await ip('-d', '-j', 'address', 'show', 'dev', 'real0')},${await ip('-j', 'route', 'show', 'dev', 'real0')},${await ip('-j', 'maddress', 'show', 'dev', 'real0')}]`,
  );
const master = async (): Promise<string | undefined> =>
  /"master":"([^"]*)"/.exec(await ip('-j', 'link', 'show', 'dev', 'real0'))?.[1];
let file: string;
let before: unknown;

beforeAll(async () => {
  await ip('netns', 'add', 'outside');
  await ip('link', 'add', 'real0', 'type', 'veth', 'peer', 'name', 'far0', 'netns', 'outside');
  // No address that comes by itself some time later.
  await ip('link', 'set', 'dev', 'real0', 'addrgenmode', 'none');
  await ip('link', 'set', 'dev', 'real0', 'mtu', '1400', 'up', 'alias', 'mine');
  await ip('address', 'add', '198.51.100.1/24', 'dev', 'real0', 'noprefixroute');
  await ip('address', 'add', '2001:db8::1/64', 'dev', 'real0', 'nodad');
  await ip('route', 'add', '203.0.113.0/24', 'dev', 'real0');
  await ip('-n', 'outside', 'address', 'add', '198.51.100.2/24', 'dev', 'far0');
  await ip('-n', 'outside', 'link', 'set', 'dev', 'far0', 'up');
  file = await topologyFile(folder, 'joined.yaml', LAB);
});
beforeEach(async () => {
  before = await shown();
});
afterAll(async () => {
  await cli(['down', 'joined']);
  await ip('link', 'del', 'real0');
  await ip('netns', 'del', 'outside');
});

describe('an uplink', () => {
  it('joins a segment to what is outside of the lab, and is afterwards as it was', async () => {
    expect((await cli(['up', file])).exitCode).toBe(0);
    const ping = ['ping', '-c1', '-W5'];
    expect((await cli(['exec', 'a', '--', ...ping, '198.51.100.2'])).exitCode).toBe(0);
    // The stack of this machine is not on the segment: who asks for its address hears nothing.
    expect(
      (await cli(['exec', 'a', '--', 'arping', '-c1', '-w1', '-I', 'eth1', '198.51.100.1']))
        .exitCode,
    ).toBe(1);
    expect(
      (
        await execa(
          'ip',
          ['netns', 'exec', 'outside', 'arping', '-c1', '-w1', '-I', 'far0', '198.51.100.1'],
          { reject: false },
        )
      ).exitCode,
    ).toBe(1);
    const { exitCode, verdicts } = await verify('joined');
    expect([exitCode, verdicts.map(({ outcome, surprise }) => [outcome, surprise])]).toEqual([
      0,
      [['pass', null]],
    ]);
    expect((await status('joined')).links[0]?.state).toBe('up');
    const bridge = await master();

    // Somebody takes it off, and `up` plugs it in again.
    await ip('link', 'set', 'dev', 'real0', 'nomaster');
    expect((await cli(['status', 'joined', '--json'])).stdout).toContain('uplink');
    expect((await cli(['up', file])).exitCode).toBe(0);
    expect([await master(), bridge]).toEqual([bridge, expect.any(String)]);

    expect((await cli(['down', 'joined'])).exitCode).toBe(0);
    expect(await shown()).toEqual(before);
  });

  it('is as it was after a patchlab that is killed half way, and `down`', async () => {
    const running = startCli(['up', file]);
    await expect.poll(master, { interval: 1, timeout: 20_000 }).toBeDefined();
    running.kill('SIGKILL');
    await running;
    expect((await cli(['down', 'joined'])).exitCode).toBe(0);
    expect(await shown()).toEqual(before);
  });

  it('is predicted to lead out of the lab', async () => {
    const { stdout } = await cli(['predict', file, '--from', 'a:eth1', '--frame', 'arp-request']);
    expect(stdout).toMatch(/segment uplink/);
  });

  it.each<[string, readonly string[], readonly string[], RegExp]>([
    [
      'carries a default route',
      ['route', 'add', 'default', 'via', '198.51.100.2', 'dev', 'real0', 'onlink'],
      ['route', 'del', 'default'],
      /carries a default route/,
    ],
    [
      'is a port',
      ['link', 'add', 'br9', 'type', 'bridge'],
      ['link', 'del', 'br9'],
      /is a port of `br9`/,
    ],
    [
      'has a macvlan',
      ['link', 'add', 'mv9', 'link', 'real0', 'type', 'macvlan'],
      ['link', 'del', 'mv9'],
      /`mv9`, a macvlan, is on `real0`/,
    ],
    [
      'is down',
      ['link', 'set', 'dev', 'real0', 'down'],
      ['link', 'set', 'dev', 'real0', 'up'],
      /is down/,
    ],
  ])('is refused where it %s, and nothing is touched', async (_, make, mend, why) => {
    await ip(...make);
    if (make.includes('br9')) await ip('link', 'set', 'dev', 'real0', 'master', 'br9');
    const now = await shown();
    const result = await cli(['up', file]);
    expect(result).toMatchObject({ exitCode: 4, stderr: expect.stringMatching(why) as string });
    expect(await shown()).toEqual(now);
    await ip(...mend);
  });

  it('is refused where the user is connected by it, where it is not there, and where it is a lab’s', async () => {
    const found = async (arg: string, env = {}) => {
      const [result] = await checkRequirements([{ check: 'uplink', arg }], {
        env: { ...process.env, ...env },
      });
      return result?.found;
    };
    const SSH_CONNECTION = '192.0.2.7 50000 198.51.100.1 22';
    expect(await found('real0 br', { SSH_CONNECTION })).toMatch(/198\.51\.100\.1.* ssh/);
    expect(await found('real0 br', { SSH_CONNECTION: '192.0.2.7 1 192.0.2.8 22' })).toMatch(
      /does not need it/,
    );
    expect(await found('nowhere br')).toMatch(/no interface `nowhere`/);
    expect(await found('lo br')).toMatch(/no Ethernet/);
  });

  it.each(['--rootless', '--in-guest'])('is refused with %s', async (option) => {
    const { exitCode, stderr } = await cli(['up', file, option]);
    expect([exitCode, stderr]).toEqual([
      expect.any(Number),
      expect.stringMatching(/joined to `real0`, an interface of this machine/),
    ]);
    expect(exitCode).not.toBe(0);
  });
});
