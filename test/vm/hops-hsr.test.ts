import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HopSettings } from '../../src/hops/types.js';
import { cli, cliJson, scratchFolder, status, topology, topologyFile } from '../support/cli.js';
import { arrivedIn, believing, contradiction, lostIn } from '../support/frame-matrix.js';
import { matrixLab } from '../support/matrix-lab.js';

/** Nodes of HSR and PRP, in guests whose image has a module for them: a ring of three guests, and in one of them pairs of stacks. */

const LAB = readFileSync(topology('hsr-ring.yaml'), 'utf8');
/** Beside the ring: two networks of PRP with a host that knows nothing of it on one, and two nodes of version 0. */
const WITH_MORE = LAB.replace(
  'devices: [{ kind: hsr, name: hsr0, slaves: [eth1, eth2] }]',
  `namespaces: [p, q, r, v, w, lan1, lan2]
    devices:
      - { kind: hsr, name: hsr0, slaves: [eth1, eth2] }
      - { kind: veth, name: 'p:e1', peer: 'lan1:p' }
      - { kind: veth, name: 'p:e2', peer: 'lan2:p' }
      - { kind: veth, name: 'r:e1', peer: 'lan1:r' }
      - { kind: veth, name: 'r:e2', peer: 'lan2:r' }
      - { kind: veth, name: 'q:e1', peer: 'lan1:q' }
      - { kind: bridge, name: 'lan1:br0', members: ['lan1:p', 'lan1:r', 'lan1:q'] }
      - { kind: bridge, name: 'lan2:br0', members: ['lan2:p', 'lan2:r'] }
      - { kind: hsr, name: 'p:prp0', slaves: ['p:e1', 'p:e2'], proto: prp, supervision: 3 }
      - { kind: hsr, name: 'r:prp0', slaves: ['r:e1', 'r:e2'], proto: prp, supervision: 3 }
      - { kind: veth, name: 'v:e1', peer: 'w:e2' }
      - { kind: veth, name: 'v:e2', peer: 'w:e1' }
      - { kind: hsr, name: 'v:hsr0', slaves: ['v:e1', 'v:e2'], version: 0 }
      - { kind: hsr, name: 'w:hsr0', slaves: ['w:e1', 'w:e2'], version: 0, mtu: 1400 }`,
);

const folder = scratchFolder();
const lab = matrixLab(WITH_MORE, {
  sizes: [1494],
  pairs: [
    ['a:hsr0', 'c:hsr0'],
    ['a:hsr0', 'b:hsr0'],
    ['a/p:prp0', 'a/r:prp0'],
    ['a/q:e1', 'a/r:prp0'],
    ['a/v:hsr0', 'a/w:hsr0'],
  ],
});

/** What a capture at a device, on the way between two others, saw of the frames that `a` sent to `c` over the ring. */
const copiesAt = (label: string, from: string, to: string): readonly number[] => {
  const seen = lab.cells
    .filter((cell) => cell.from === from && cell.to === to)
    .map(({ path, sights }) => sights[path.findIndex((hop) => hop.label === label)] ?? [])[0];
  return lab.cells
    .filter((cell) => cell.from === 'a:hsr0' && cell.to === 'c:hsr0')
    .filter(({ prediction }) => prediction.outcome === 'pass')
    .map(({ frame }) => seen?.filter((bytes) => bytes.includes(frame.token)).length ?? 0);
};

describe('the model of nodes of HSR and PRP', () => {
  it('is what the kernel does with every class in both directions', () => {
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
  });

  // What the kernel did, told without the model.
  it('carries all but VLANs and what is for other MACs, the groups of 802.1Q too', () => {
    const never = ['vlan 7', 'vlan 8', 'unicast-foreign', '1494 octets in 7'];
    for (const [one, other, more] of [
      ['a:hsr0', 'c:hsr0', []],
      // What the switches of PRP keep to themselves.
      ['a/p:prp0', 'a/r:prp0', ['lldp', 'lacp', 'dot1x', 'pause']],
    ] as const) {
      const lost = [...never, ...more];
      expect(lostIn(lab.cells, one, other).toSorted()).toEqual(lost.toSorted());
      expect(lostIn(lab.cells, other, one).toSorted()).toEqual(lost.toSorted());
    }
    expect(arrivedIn(lab.cells, 'a/w:hsr0', 'a/v:hsr0')).not.toContain('1494 octets');
    expect(arrivedIn(lab.cells, 'a/v:hsr0', 'a/w:hsr0')).toContain('1494 octets');
  });

  it('sends each frame by both slaves, and hands the stack of the other node one copy', () => {
    const [first, second] = [
      copiesAt('a:eth1', 'a:hsr0', 'c:hsr0'),
      copiesAt('a:eth2', 'a:hsr0', 'b:hsr0'),
    ];
    expect(first.length).toBeGreaterThan(15);
    expect(first.every((count) => count > 0)).toBe(true);
    expect(second.every((count) => count > 0)).toBe(true);
    expect(new Set(copiesAt('c:hsr0', 'a:hsr0', 'c:hsr0'))).toEqual(new Set([1]));
  });

  it('is contradicted when it believes in another version, address or MTU', () => {
    const believe = (label: string, settings: HopSettings & { readonly version?: number }) =>
      believing(lab.cells, (hop) =>
        hop.label === label ? { ...hop, settings: { ...hop.settings, ...settings } } : hop,
      ).flatMap(contradiction);
    expect(believe('c:hsr0', { version: 0 })).not.toEqual([]);
    expect(believe('c:hsr0', { mac: '02:00:00:00:00:01' })).not.toEqual([]);
    expect(believe('a:hsr0', { mtu: 1493 })).not.toEqual([]);
  });
});

describe('a node of HSR', () => {
  const inGuest = async (script: string): Promise<string> =>
    (await cli(['exec', 'c', '--', 'sh', '-c', script])).stdout;
  const macOf = (device: string): Promise<string> =>
    inGuest(`cat /sys/class/net/${device}/address`);

  it('loses no ping when a cable of its ring is cut, and the lab holds what its file says', async () => {
    const { exitCode, result } = await cliJson('verify', 'hsr-ring');
    const { verdicts, steps } = result;
    expect(verdicts.filter(({ outcome, surprise }) => outcome !== 'pass' || surprise)).toEqual([]);
    expect(steps[0]?.pings?.predicted).toBe('pass');
    // The last one may be on its way when they are ended.
    expect(steps[0]?.pings?.lost).toBeLessThanOrEqual(1);
    expect(steps[0]?.pings?.sent).toBeGreaterThan(10);
    expect(exitCode).toBe(0);
  });

  it('is read back, mended, changed, and gives its second slave its own address back', async () => {
    expect((await status('hsr-ring')).drift).toEqual([]);
    expect(await macOf('eth2')).toBe(await macOf('eth1'));
    await inGuest('ip link set hsr0 mtu 1300; ip link del hsr0');
    expect((await status('hsr-ring')).drift.map(({ id }) => id)).toContain('hsr c hsr0');
    const ring =
      '[{ kind: hsr, name: hsr0, slaves: [eth1, eth2] }]\n    addresses: { hsr0: 10.0.0.3/24 }';
    const changed = async (how: string): Promise<void> => {
      const text = WITH_MORE.replace(ring, how).replace(/verify:[^]*/, '');
      expect(text).not.toContain(ring);
      const file = await topologyFile(folder, 'hsr-ring.yaml', text);
      expect(await cli(['up', '--no-verify', file])).toMatchObject({ exitCode: 0 });
      expect((await status('hsr-ring')).drift).toEqual([]);
    };
    await changed('[{ kind: hsr, name: hsr0, slaves: [eth1, eth2], mtu: 1400, supervision: 9 }]');
    expect(await inGuest('ip -d link show hsr0')).toMatch(
      /mtu 1400 [^]*supervision 01:15:4e:00:01:09/,
    );
    expect(await macOf('eth2')).toBe(await macOf('eth1'));
    await changed('[]');
    expect(await macOf('eth2')).not.toBe(await macOf('eth1'));
    expect(await macOf('hsr0')).toBe('');
  });
});
