import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { controllerKinds } from '../../src/controllers/index.js';
import { UNTAGGED } from '../../src/frames/frame.js';
import { findWay } from '../../src/hops/find-way.js';
import { hopId } from '../../src/hops/graph.js';
import { certainDrop } from '../../src/hops/predict.js';
import { wire } from '../../src/plan/wire.js';
import { parseTopology } from '../../src/topology/parse.js';
import { parseYaml } from '../../src/topology/source.js';
import { cli, restoresHost, scratchFolder, topologyFile } from '../support/cli.js';
import { capture, sendAll } from '../support/frame-capture.js';
import { FACTS } from '../support/lab-of.js';

/** The frames by which controllers discover links, those too of controllers that are not to be had, over real cables: predicted and seen. */

const LAB = `name: discovery-frames
nodes:
  a: { kind: netns }
  b: { kind: netns }
links:
  - { kind: veth, ends: [a:veth, b:veth] }
  - { kind: bridge, name: bridge, ends: [a:bridge, b:bridge] }
  - { kind: bridge, name: opened, group_fwd_mask: 0x4000, ends: [a:opened, b:opened] }
  - { kind: ovs-switch, name: normal, ends: [a:normal, b:normal] }
  - { kind: ovs-switch, name: forward, forward_bpdu: true, ends: [a:forward, b:forward] }
  - { kind: ovs-panel, name: panel, patches: [['a:panel', 'b:panel']] }
  - { kind: macvlan, mode: bridge, name: deaf, ends: [a:deaf, b:deaf] }
  - { kind: macvlan, mode: bridge, name: hearing, promisc: true, ends: [a:hearing, b:hearing] }
`;

/** Octets of the shortest frame, less the header. */
const PAYLOAD = 46;

const folder = scratchFolder();
restoresHost();
const { lab } = parseTopology(parseYaml('lab.yaml', LAB));
const { model } = wire(lab, FACTS);

const kinds = [
  ...new Map(controllerKinds.flatMap(({ discovers }) => discovers).map((one) => [one.name, one])),
].map(([, one]) => one);

const digits = (mac: string): string => mac.replaceAll(':', '');

/** Each frame over each cable, both ways, with what the model says of it. */
const tries = lab.links.flatMap(({ id, ends: [one, other] }) =>
  [
    [one, other],
    [other, one],
  ].flatMap(([from, to]) =>
    kinds.map(({ name, dst, etherType }) => {
      if (!from || !to) throw new Error(`${id} is no cable`);
      const [first, last] = [from, to].map(
        ({ stack, port }) => model.graph.place(hopId(stack.id, port.name)).hop,
      );
      const frame = { src: from.port.mac, dst, etherType, vlans: UNTAGGED };
      const way = first && last && findWay(model, first, last, frame);
      if (!way) throw new Error(`no way leads over ${id}`);
      const token = randomBytes(8).toString('hex');
      const type = etherType.toString(16).padStart(4, '0');
      const hex = digits(dst) + digits(from.port.mac) + type + token.padEnd(2 * PAYLOAD, '0');
      const outcome = certainDrop(way.prediction) ? 'drop' : way.prediction.outcome;
      return { what: `${id}: ${name}`, from, last, token, hex, outcome };
    }),
  ),
);

describe('frames by which controllers discover links', () => {
  it('come through where the model says so, and nowhere else', async () => {
    const file = await topologyFile(folder, 'frames.yaml', LAB);
    const { exitCode, stderr } = await cli(['up', file]);
    expect([exitCode, exitCode === 0 ? '' : stderr]).toEqual([0, '']);
    const points = [...new Map(tries.map(({ last }) => [last.id, last])).values()];
    const captured = await capture(
      points.map((hop) => ({ hop, where: hop.where })),
      tries,
      (some) =>
        sendAll(
          some.map(({ from, hex }) => ({
            ...{ where: from.stack.where, device: from.port.name, frames: [hex] },
          })),
        ),
      (found) =>
        tries.filter(
          ({ outcome, last, token }) =>
            outcome === 'pass' &&
            found.get(last.id)?.some((bytes) => bytes.includes(token)) !== true,
        ),
    );
    const seen = tries.map(({ what, last, token, outcome }) => ({
      what,
      outcome,
      isSeen: captured.get(last.id)?.some((bytes) => bytes.includes(token)) === true,
    }));
    // A filter of groups is a hash salted per device, which chance may let a group through.
    expect(
      seen.filter(({ outcome, isSeen }) => outcome !== 'random' && isSeen !== (outcome === 'pass')),
    ).toEqual([]);
    const lost = [
      ...new Set(seen.filter(({ outcome }) => outcome === 'drop').map(({ what }) => what)),
    ];
    expect(lost).toEqual([
      'bridge: LLDP to the nearest bridge (01:80:c2:00:00:0e)',
      'normal: LLDP to the nearest bridge (01:80:c2:00:00:0e)',
    ]);
    const open = [
      ...new Set(seen.filter(({ outcome }) => outcome === 'random').map(({ what }) => what)),
    ];
    expect(open.map((what) => what.replace(/:.*/, ''))).toEqual(['deaf', 'deaf', 'deaf']);
    expect(seen.length).toBe(2 * 8 * 4);
  });
});
