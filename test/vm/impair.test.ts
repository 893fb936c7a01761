import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  status,
  topologyFile,
  verify,
} from '../support/cli.js';

/**
 * What ends impair, by the netem and tbf of a guest's kernel: declared against measured, changed while it is up, and gone
 * without a trace. One guest holds the whole lab, so that one clock and one kernel measure.
 */

const fileWith = (impair: string): string => `name: impaired
nodes:
  a: { kind: netns, ports: { eth1: { mtu: 9000 } }, addresses: { eth1: 10.0.0.1/24 } }
  b: { kind: netns, ports: { eth1: { mtu: 9000 } }, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: veth, name: wan, ends: [a:eth1, b:eth1]${impair === '' ? '' : `, impair: ${impair}`} }
verify:
  - { probe: lldp, from: a:eth1, to: b:eth1 }
  - { probe: icmp, from: a:eth1, to: b:eth1 }
`;

const folder = scratchFolder();
let before: string;
beforeAll(async () => {
  before = await hostSnapshot();
  await up('');
});
afterAll(() => cli(['down', '--all']));

/** Build the lab with these impairments, or change it to have them. */
async function up(impair: string) {
  const file = await topologyFile(folder, 'impaired.yaml', fileWith(impair));
  const { exitCode, result } = await cliJson('up', file, '--in-guest', '--no-verify');
  expect(exitCode).toBe(0);
  return result;
}

async function inNode(node: string, ...argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await cli(['exec', node, '--', ...argv]);
  expect([exitCode, stderr]).toEqual([0, '']);
  return stdout;
}

interface Queue {
  readonly kind: string;
  readonly handle: string;
  readonly packets: number;
  readonly drops: number;
}

/** The queue of a node's port, with its counters. */
async function queueOf(node: string): Promise<Queue> {
  const text = await inNode(node, 'tc', '-s', '-j', 'qdisc', 'show', 'dev', 'eth1');
  const [queue] = JSON.parse(text) as readonly Queue[];
  if (!queue) throw new Error(text);
  return queue;
}

/** Send frames from a to b: so many, of so many octets. */
const flood = (count: number, octets: number): readonly string[] => [
  ...['trafgen', '--qdisc-path', '--notouch-irq', '--no-sock-mem', '--cpus', '1'],
  // By sendto(2), which waits where the queue is full.
  ...['--gap', '1us', '--num', String(count), '--out', 'eth1'],
  // To a station that is not there, of a type that nobody takes (IEEE 802: for experiments).
  `{0x02,0,0,0,0,0x0f,0x02,0,0,0,0,0x01,0x88,0xb5,fill(0x00,${octets - 14})}`,
];

describe('an impairment in a file', () => {
  it('is made at both ends at once in a guest that has never made one', async () => {
    expect((await up('{ delay: 1ms }')).changes).toHaveLength(2);
  });

  it.each([
    '{ delay: 20ms, jitter: 2ms, loss: 10%, rate: 10Mbit, duplicate: 1%, reorder: 25%, corrupt: 0.1% }',
    '{ delay: 0.5ms, loss: 0.03% }',
    '{ delay: 20ms, a:eth1: { reorder: 33.3% }, b:eth1: { rate: 1.5Mbit } }',
    '{ corrupt: 7% }',
    '{ rate: 123kbit }',
    '{ b:eth1: { duplicate: 50% } }',
  ])('is made in place of another, and read back as %s', async (impair) => {
    const { changes } = await up(impair);
    expect(changes.length).toBeGreaterThan(0);
    expect((await up(impair)).changed).toBe(false);
    expect((await status('impaired')).drift).toEqual([]);
  });

  it('is missed where somebody has taken or changed it, and mended', async () => {
    await up('{ delay: 3ms, loss: 1% }');
    await inNode('a', 'tc', 'qdisc', 'del', 'dev', 'eth1', 'root');
    await inNode('b', 'tc', 'qdisc', 'change', 'dev', 'eth1', 'root', 'netem', 'delay', '4ms');
    const { drift } = await status('impaired');
    expect(drift.map(({ how, id }) => [how, id])).toEqual([
      ['create', 'impair a:eth1'],
      ['change', 'impair b:eth1'],
    ]);
    await up('{ delay: 3ms, loss: 1% }');
    expect((await status('impaired')).drift).toEqual([]);
  });

  it('is gone without a trace when the file has none any more', async () => {
    await up('');
    const { kind, handle } = await queueOf('a');
    expect([kind, handle]).toEqual(['noqueue', '0:']);
    await up('{ delay: 3ms, rate: 1Mbit }');
    expect((await queueOf('a')).kind).toBe('netem');
    await up('');
    for (const node of ['a', 'b'])
      expect(await queueOf(node)).toMatchObject({ kind: 'noqueue', handle: '0:' });
  });
});

describe('what is declared', () => {
  it('is measured: a delay of 20 ms each way', async () => {
    await up('{ delay: 20ms }');
    const text = await inNode('a', 'ping', '-n', '-c', '40', '-i', '0.05', '10.0.0.2');
    const times = [...text.matchAll(/time=([\d.]+) ms/g)].map(([, ms]) => Number(ms));
    expect(times).toHaveLength(40);
    // The fastest: what an emulated processor adds to the others is not the delay's.
    const fastest = Math.min(...times);
    expect(fastest).toBeGreaterThanOrEqual(40 * 0.9);
    expect(fastest).toBeLessThanOrEqual(40 * 1.1);
  });

  it('is measured: 10 % of 500 frames lost, as near as chance lets them be, and 10 % of many within a tenth', async () => {
    await up('{ a:eth1: { loss: 10% } }');
    for (const [count, isNear] of [
      [500, (lost: number) => Math.min(atMost(lost, 500, 0.1), atLeast(lost, 500, 0.1)) > 5e-7],
      // A tenth of the loss is then more than five times what chance makes it differ: less than one in a million.
      [30_000, (lost: number) => Math.abs(lost - 3000) <= 300],
    ] as const) {
      const was = await queueOf('a');
      await inNode('a', ...flood(count, 60));
      const { packets, drops } = await queueOf('a');
      const lost = drops - was.drops;
      // Others may send one or two.
      expect(packets - was.packets + lost).toBeGreaterThanOrEqual(count);
      expect(packets - was.packets + lost).toBeLessThan(count + 10);
      expect([count, lost, isNear(lost)]).toEqual([count, lost, true]);
    }
  });

  it.each(['{ a:eth1: { rate: 10Mbit } }', '{ a:eth1: { rate: 10Mbit, delay: 5ms } }'])(
    'is measured: %s',
    async (impair) => {
      await up(impair);
      // The fastest window counts: what an emulated processor is late the others have too little, and nothing may have too
      // much. On a busy machine it may be late in several, so there are more of them until one is in time.
      const rates: number[] = [];
      const fastest = (): number => Math.max(...rates) / 1e6;
      do rates.push(...(await ratesOf('a', 4)));
      while (fastest() <= 9 && rates.length < 24);
      expect(rates.length % 4).toBe(0);
      expect([rates, fastest() > 9, fastest() < 11]).toEqual([rates, true, true]);
    },
  );
});

/** How likely at most, or at least, so many of `n` are lost: the binomial distribution. */
function atMost(most: number, n: number, p: number): number {
  let [term, sum] = [(1 - p) ** n, 0];
  for (let lost = 0; lost <= most; lost += 1) {
    sum += term;
    term *= ((n - lost) / (lost + 1)) * (p / (1 - p));
  }
  return sum;
}
const atLeast = (least: number, n: number, p: number): number => 1 - atMost(least - 1, n, p);

/** Octets of a window, and of a frame: an emulated processor takes its time for each frame, however long it is. */
const [WINDOW, FRAME] = [1_250_000, 9000];

/** Bits in a second that a node sends while it has more to send, in windows of a second's octets each at 10 Mbit/s. */
async function ratesOf(node: string, windows: number): Promise<readonly number[]> {
  const script = `"$@" >/dev/null 2>&1 &
sent() { read -r octets </sys/class/net/eth1/statistics/tx_bytes; read -r time _ </proc/uptime; }
sent; begin=$octets
until [ "$octets" -ge $((begin + ${WINDOW} / 4)) ]; do sleep 0.1; sent; done
for window in $(seq ${windows}); do
  first=$octets at=$time
  until [ "$octets" -ge $((first + ${WINDOW})) ]; do sleep 0.1; sent; done
  echo "$((octets - first)) $at $time"
done
kill $! 2>/dev/null; wait`;
  const frames = Math.ceil(((windows + 2) * WINDOW) / FRAME);
  const out = await inNode(
    node,
    'timeout',
    '60',
    'sh',
    '-c',
    script,
    'sh',
    ...flood(frames, FRAME),
  );
  return out
    .trim()
    .split('\n')
    .map((line) => {
      const [octets = 0, begin = 0, end = 0] = line.split(' ').map(Number);
      return (octets * 8) / (end - begin);
    });
}

describe('patchlab impair', () => {
  it('impairs one end or both of a lab that is up, which is no drift, until it is cleared or `up` comes', async () => {
    await up('{ delay: 2ms }');
    const { result } = await cliJson('impair', 'b:eth1', '--loss', '100%');
    expect(result.ends).toEqual([
      {
        ...{ end: 'b:eth1', link: 'wan', impairment: { loss: 100 } },
        ...{ file: { delay: 2 }, changed: true },
      },
    ]);
    const { drift, links } = await status('impaired');
    expect(drift).toEqual([]);
    expect(links[0]?.impaired).toEqual([
      { end: 'a:eth1', impairment: { delay: 2 }, live: false },
      { end: 'b:eth1', impairment: { loss: 100 }, live: true },
    ]);
    // Only one direction is dead, and that is predicted and blamed.
    const { verdicts } = await verify('impaired');
    expect(verdicts.map(({ outcome, surprise }) => [outcome, surprise])).toEqual([
      ['pass', null],
      ['fail', null],
    ]);
    expect(verdicts[1]?.blame).toMatchObject({
      ...{ leg: 'ARP reply', at: 'b:eth1', predicted: true },
      reason: expect.stringContaining('100 % are thrown away') as string,
    });
    // The file is what was built, but for what is known of.
    const file = await topologyFile(folder, 'impaired.yaml', fileWith('{ delay: 2ms }'));
    expect((await verify(file)).verdicts.map(({ outcome }) => outcome)).toEqual(['pass', 'fail']);

    const cleared = await cliJson('impair', 'wan', '--clear');
    expect(cleared.result.ends.map(({ impairment, changed }) => [impairment, changed])).toEqual([
      [null, true],
      [null, true],
    ]);
    for (const node of ['a', 'b']) expect((await queueOf(node)).kind).toBe('noqueue');
    const again = await cliJson('impair', 'wan', '--clear');
    expect(again.result.ends.map(({ changed }) => changed)).toEqual([false, false]);
    expect((await verify('impaired')).exitCode).toBe(0);

    expect((await up('{ delay: 2ms }')).changes.map(({ how }) => how)).toEqual([
      'create',
      'create',
    ]);
    const shown = await cliJson('impair', 'wan', '--show');
    expect(shown.result.ends.map(({ impairment }) => impairment)).toEqual([
      { delay: 2 },
      { delay: 2 },
    ]);
  });

  it('is refused with what to say instead, and nothing is changed', async () => {
    const refused = async (...words: readonly string[]) => {
      const { exitCode, stderr } = await cli(['impair', ...words]);
      expect(exitCode).toBe(2);
      return stderr;
    };
    expect(await refused('wan')).toContain('--delay, --jitter, --loss');
    expect(await refused('wan', '--clear', '--loss', '1%')).toContain('Say either');
    expect(await refused('wan', '--loss', '1')).toContain('write a share in percent');
    expect(await refused('wan', '--reorder', '5%')).toContain('without a delay');
    expect(await refused('nowhere', '--loss', '1%')).toContain('`nowhere`');
    expect((await status('impaired')).drift).toEqual([]);
  });
});

describe('verify', () => {
  it('passes again and again what is lost by chance, as declared', async () => {
    await up('{ delay: 30ms, jitter: 5ms, loss: 25% }');
    for (let time = 0; time < 3; time += 1) {
      const { exitCode, verdicts } = await verify('impaired');
      expect(verdicts.map(({ predicted }) => predicted.outcome)).toEqual(['random', 'random']);
      expect([exitCode, verdicts.map(({ outcome }) => outcome)]).toEqual([0, ['pass', 'pass']]);
    }
  });

  it('waits for what is late by what is declared', async () => {
    // A ping takes four times that. The stack itself gives up asking for a MAC after three seconds (arp(7), mcast_solicit).
    await up('{ delay: 1200ms }');
    // One that still knows the other asks whether it is there, and makes itself known by that (arp(7), delay_first_probe_time).
    for (const node of ['a', 'b']) await inNode(node, 'ip', 'neigh', 'flush', 'dev', 'eth1');
    const { exitCode, verdicts } = await verify('impaired');
    expect([exitCode, verdicts.map(({ outcome }) => outcome)]).toEqual([0, ['pass', 'pass']]);
    expect(verdicts[1]?.ms).toBeGreaterThan(4 * 1200);
  });

  it('blames no impairment for a loss that is not declared', async () => {
    await up('{ delay: 3ms }');
    // The same place and the same means, behind the back of patchlab.
    await inNode('a', 'tc', 'qdisc', 'change', 'dev', 'eth1', 'root', 'netem', 'loss', '100%');
    const { verdicts } = await verify('impaired');
    for (const { outcome, blame } of verdicts) {
      expect(outcome).not.toBe('pass');
      expect(blame?.reason ?? '').not.toContain('impaired');
      expect(blame?.predicted ?? false).toBe(false);
    }
  });

  it('blames no declared loss for another one, behind a capture at the impaired end that saw the frame', async () => {
    const file = await topologyFile(
      folder,
      'impaired.yaml',
      fileWith('{ loss: 5% }').replace('kind: veth', 'kind: bridge').replace('lldp', 'arp'),
    );
    expect((await cli(['up', file, '--in-guest', '--no-verify'])).exitCode).toBe(0);
    const drop =
      'add table bridge t; add chain bridge t c { type filter hook forward priority 0; policy drop; }';
    await inNode('@host', 'nft', drop);
    const { verdicts } = await verify('impaired');
    for (const { outcome, blame } of verdicts) {
      expect(outcome).toBe('fail');
      expect(blame).toMatchObject({
        leg: 'ARP request',
        lastSeen: 'a:eth1 veth',
        predicted: false,
      });
      expect(blame?.reason ?? '').not.toContain('impaired');
    }
  });
});

it('leaves the host as it was', async () => {
  await up('{ delay: 3ms, loss: 5% }');
  expect((await cli(['down', 'impaired'])).exitCode).toBe(0);
  await expectHostAsBefore(before);
});
