import { execa } from 'execa';
import { expect, it } from 'vitest';
import { badSource } from '../../src/ip/accept.js';
import { routeTo, type Decision } from '../../src/ip/routes.js';
import { stacksOf, type IpStack } from '../../src/ip/stack.js';
import { wire } from '../../src/plan/wire.js';
import { cli, scratchFolder, topologyFile } from '../support/cli.js';
import { FACTS, fileText, labOf } from '../support/lab-of.js';
import { isLong, randomFrom, seedFor } from '../support/random.js';
import { together } from '../support/random-checked.js';
import { randomPacket, randomRouter, REJECTS, type Asked } from '../support/random-routes.js';

/** Where a router sends packets, as the model says and as the kernel does. */

const folder = scratchFolder();
const NAME = 'routes';

const words = ({ dst, src, iif, oif }: Asked): string =>
  [
    ...[dst.includes(':') ? '-6' : '-4', dst],
    ...Object.entries({ from: src, iif, oif }).flatMap(([key, value]) =>
      value === undefined ? [] : [key, value],
    ),
  ].join(' ');

function predicted(stack: IpStack, asked: Asked): string {
  const deviceOf = (name: string | undefined) => stack.devices.find((hop) => hop.device === name);
  const { dst, src, iif, oif } = asked;
  const isIpv6 = dst.includes(':');
  const by = deviceOf(iif);
  const isBound = oif !== undefined && (!isIpv6 || src === undefined);
  const flow = { dst, ...(src && { src }), iif: by, oif: deviceOf(oif), isBound };
  const told = tell(routeTo(stack, flow));
  if (by && src !== undefined && !isIpv6) {
    const refusal = badSource(stack, by, { src, dst });
    if (refusal) return refusal.reason.startsWith('rp_filter') ? 'reverse path' : 'own source';
  }
  // IPv4 asks on the segment for what no route by the device leads to.
  const isOnLink = isBound && !isIpv6 && !told.startsWith('dev');
  return isOnLink ? `dev ${oif} to ${dst}` : told;
}

function tell(decision: Decision): string {
  if (decision.kind === 'out') return `dev ${decision.device.device} to ${decision.nextHop}`;
  return decision.kind === 'rejected' ? decision.type : decision.kind;
}

/** What ip(8) says where a route ends the way, or there is none. */
const ERRORS: Readonly<Record<string, string>> = {
  ...{ 'No route to host': 'unreachable', 'Permission denied': 'prohibit' },
  ...{ 'Network is unreachable': 'none', 'Invalid argument': 'invalid' },
  // Linux before 6.14 has an error of its own for a reverse path.
  'Invalid cross-device link': 'invalid',
};

/** For these it has one error. */
const INVALID = ['blackhole', 'reverse path', 'own source'];

interface Shown {
  readonly type?: string;
  readonly dst: string;
  readonly dev: string;
  readonly gateway?: string;
}

/** Ask the kernel for each packet, in one shell. */
async function observed(netns: string, packets: readonly Asked[]): Promise<readonly string[]> {
  const script = `while read -r version packet; do ip "$version" -j route get $packet 2>&1 | tr -d '\\n'; echo; done`;
  const input = packets.map((packet) => `${words(packet)}\n`).join('');
  const { stdout } = await execa('ip', ['netns', 'exec', netns, 'sh', '-c', script], { input });
  return stdout.split('\n').map((line) => {
    const error = /answers: ([^[]*)/.exec(line)?.[1];
    if (error !== undefined) return ERRORS[error] ?? error;
    const [route] = JSON.parse(line.replace(/^.*?\[/, '[')) as readonly Shown[];
    if (!route) return line;
    return route.type === 'local' ? 'local' : `dev ${route.dev} to ${route.gateway ?? route.dst}`;
  });
}

it('goes where the kernel sends it: routes, metrics, tables, rules, reverse paths', async () => {
  const random = randomFrom(seedFor('routes', 20261126));
  const names = Array.from({ length: isLong ? 40 : 8 }, (_, at) => `r${at}`);
  const routers = names.map((name) => ({ ...randomRouter(random, name), name: NAME }));
  const definition = together(NAME, routers);
  const lab = labOf(definition);
  const stacks = stacksOf(lab, wire(lab, FACTS).model.graph);
  const asked = names.map((name) => {
    const stack = stacks.get(name);
    if (!stack) throw new Error(`there is no router ${name}`);
    const own = stack.addresses.map(({ ip }) => ip);
    const packets = Array.from({ length: 80 }, () => randomPacket(random, own));
    return { stack, packets };
  });
  const decided = asked.flatMap(({ stack, packets }) =>
    packets.map((packet) => ({
      question: `${stack.stack.id} ${words(packet)}`,
      answer: predicted(stack, packet),
    })),
  );
  // The seed gives what is to be tried.
  for (const kind of ['dev', 'local', 'none', ...REJECTS, 'reverse path', 'own source'])
    expect(decided.filter(({ answer }) => answer.startsWith(kind)).length, kind).toBeGreaterThan(5);
  const model = decided.map(
    ({ question, answer }) => `${question}: ${INVALID.includes(answer) ? 'invalid' : answer}`,
  );

  const file = await topologyFile(folder, 'routes.yaml', fileText(definition));
  try {
    const up = await cli(['up', file]);
    expect(up.exitCode, up.stderr).toBe(0);
    const kernel = async () => {
      const told = asked.map(async ({ stack: { stack }, packets }) => {
        const lines = await observed(stack.where.netns ?? '', packets);
        return packets.map((packet, at) => `${stack.id} ${words(packet)}: ${lines[at] ?? ''}`);
      });
      return (await Promise.all(told)).flat();
    };
    // IPv6 has its routes when the kernel has seen the carrier.
    await expect.poll(kernel, { timeout: 20_000, interval: 500 }).toEqual(model);
  } finally {
    await cli(['down', file]);
  }
});
