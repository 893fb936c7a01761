import { withHosts } from '../../../src/apply/session.js';
import { messageOf } from '../../../src/errors.js';
import { verifyLab } from '../../../src/verify/verify.js';
import { median, repeated, rowOf, timed } from '../measure.js';
import { cli, down, upFile } from '../patchlab.js';
import type { Bench, Target } from '../section.js';
import { writeTopology } from '../topology-file.js';

/** Milliseconds in which a chain of so many guests is to be proved, and the lab lldp-direct by the commands. */
const LARGE = 16;
const CHAIN_LIMIT = 45_000;
const DIRECT_LIMIT = 6_000;

const DIRECT = new URL('../../../topologies/cables/lldp-direct.yaml', import.meta.url).pathname;

/** From nothing to a chain of guests on macvtap cables of which LLDP, ARP and ICMP are proved, both ways. */
export async function proveChain(bench: Bench, count: number): Promise<void> {
  const { signal } = bench;
  const name = `${bench.prefix}-proved${count}`;
  const address = (cable: number, side: number): string => `10.0.${cable}.${side}/24`;
  const file = await writeTopology(bench.folder, {
    name,
    nodes: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `g${index}`,
        {
          kind: 'vm' as const,
          addresses: {
            ...(index > 0 && { left: address(index, 2) }),
            ...(index < count - 1 && { right: address(index + 1, 1) }),
          },
        },
      ]),
    ),
    links: Array.from({ length: count - 1 }, (_, index) => ({
      kind: 'macvtap' as const,
      mode: 'vepa' as const,
      promisc: true,
      ends: [`g${index}:right`, `g${index + 1}:left`] as [string, string],
    })),
  });
  bench.defer(() => down(name));
  // What is stored once is not measured.
  await upFile(file, signal);
  await down(name);
  const samples = await repeated(bench.repeat, async (repetition) => {
    bench.say(`chain of ${count} guests: repetition ${repetition + 1} of ${bench.repeat}`);
    signal.throwIfAborted();
    const begin = performance.now();
    const { lab, wiring, plan } = await upFile(file, signal);
    const built = performance.now();
    await withHosts(plan, async (hosts) => {
      const { verdicts } = await verifyLab(lab, wiring, hosts, { signal });
      const bad = verdicts.find(({ outcome }) => outcome !== 'pass');
      if (bad) throw new Error(`${bad.probe} ${bad.from} > ${bad.to}: ${bad.message}`);
    });
    const end = performance.now();
    await down(name);
    return { proved: end - begin, up: built - begin, verify: end - built };
  });
  const title = `chain of ${count} warm guests`;
  const limit = count >= LARGE ? (CHAIN_LIMIT * count) / LARGE : undefined;
  bench.report({
    ...rowOf(samples, 'proved', 'ms', `${title}: up, and all proved`),
    ratios: limit === undefined ? [] : [within(samples.get('proved') ?? [], limit)],
  });
  bench.report(rowOf(samples, 'up', 'ms', `${title}: up`));
  bench.report(rowOf(samples, 'verify', 'ms', `${title}: verify`));
}

/** The lab lldp-direct by the commands, from `up` to all verdicts. */
export async function proveDirect(bench: Bench): Promise<void> {
  const { signal } = bench;
  const remove = () => cli(['down', 'lldp-direct'], signal);
  try {
    await cli(['up', DIRECT], signal);
    await remove();
    const samples = await repeated(bench.repeat, async (repetition) => {
      bench.say(`lldp-direct: repetition ${repetition + 1} of ${bench.repeat}`);
      const proved = await timed(async () => {
        await cli(['up', DIRECT], signal);
        await cli(['verify', 'lldp-direct'], signal);
      });
      await remove();
      return { proved };
    });
    bench.report({
      ...rowOf(samples, 'proved', 'ms', 'lldp-direct, warm: up and verify, the commands'),
      ratios: [within(samples.get('proved') ?? [], DIRECT_LIMIT)],
    });
  } catch (error) {
    signal.throwIfAborted();
    bench.report({ what: 'lldp-direct', skipped: messageOf(error) });
    await down('lldp-direct');
  }
}

const within = (values: readonly number[], limit: number) => ({
  to: `of ${limit / 1000} s`,
  value: median(values) / limit,
  target: { most: 1 } satisfies Target,
});
