import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../src/frames/frame.js';
import type { MacvlanSettings } from '../../src/hops/macvlan.js';
import type { Hop } from '../../src/hops/types.js';
import { cli, scratchFolder, topologyFile } from '../support/cli.js';
import {
  believing,
  contradiction,
  frameMatrix,
  arrivedIn,
  type Cell,
} from '../support/frame-matrix.js';
import type { TestFrame } from '../support/frames.js';
import { addressesInUse } from '../support/settled.js';

/** Macvlans as devices of a node, of several modes on one lower device that keeps its own stack. */

const SENDER = '02:00:00:00:00:77';
const LAB = `name: hmd
nodes:
  n:
    kind: netns
    namespaces: [a, b, c, d]
    devices:
      - { kind: macvlan, name: a:br, lower: eth1, mode: bridge, allmulticast: true }
      - { kind: macvlan, name: b:br, lower: eth1, mode: bridge }
      - { kind: macvlan, name: c:vepa, lower: eth1 }
      - { kind: macvlan, name: d:pr, lower: eth1, mode: private, mtu: 1400 }
      - { kind: macvlan, name: a:src, lower: eth1, mode: source, sources: ['${SENDER}'] }
      - { kind: macvlan, name: b:pt, lower: eth2, mode: passthru }
      - { kind: bridge, name: br0, members: [eth3] }
      - { kind: macvlan, name: c:onbr, lower: br0, mode: bridge }
  up: { kind: netns, ports: { eth1: { mac: '${SENDER}' } } }
links:
  - { kind: veth, ends: [n:eth1, up:eth1] }
  - { kind: veth, ends: [n:eth2, up:eth2] }
  - { kind: veth, ends: [n:eth3, up:eth3] }
`;

const PAIRS = [
  ['up:eth1', 'n:eth1'],
  ['up:eth1', 'n/a:br'],
  ['up:eth1', 'n/c:vepa'],
  ['up:eth1', 'n/d:pr'],
  ['up:eth1', 'n/a:src'],
  ['n:eth1', 'n/a:br'],
  ['n/a:br', 'n/b:br'],
  ['n/a:br', 'n/c:vepa'],
  ['n/c:vepa', 'n/d:pr'],
  ['up:eth2', 'n/b:pt'],
  ['up:eth3', 'n/c:onbr'],
] as const;

/** IPv6 of the receiving namespace has joined the group of its own address. */
const know = ({ class: name, spec }: TestFrame): Frame =>
  name === 'nd-solicitation' ? { ...spec, joined: true } : spec;

const folder = scratchFolder();
let cells: readonly Cell[];

beforeAll(async () => {
  expect(await cli(['up', await topologyFile(folder, 'hmd.yaml', LAB)])).toMatchObject({
    exitCode: 0,
  });
  await addressesInUse('hmd');
  cells = await frameMatrix(LAB, { pairs: PAIRS, know });
});

afterAll(async () => {
  expect((await cli(['down', 'hmd'])).exitCode).toBe(0);
});

const arrived = (from: string, to: string): readonly string[] => arrivedIn(cells, from, to);

describe('the model of macvlans in a node', () => {
  it('is what the kernel does with every class, mode and direction', () => {
    expect(cells.length).toBeGreaterThan(400);
    expect(cells.flatMap(contradiction)).toEqual([]);
  });

  // What the kernel did, told without the model.
  it('has the lower device keep its own stack, which nobody on top of it reaches or hears', () => {
    expect(arrived('up:eth1', 'n:eth1')).toContain('unicast-own');
    expect(arrived('n:eth1', 'n/a:br')).toEqual([]);
  });

  it('hands over between devices in mode bridge alone', () => {
    expect(arrived('n/a:br', 'n/b:br')).toContain('arp-request');
    expect(arrived('n/a:br', 'n/c:vepa')).toEqual([]);
    expect(arrived('n/c:vepa', 'n/d:pr')).toEqual([]);
  });

  it('is contradicted when it believes that all are in mode bridge', () => {
    const bridged = (hop: Hop): Hop =>
      hop.kind === 'macvlan'
        ? { ...hop, settings: { ...hop.settings, mode: 'bridge' } as MacvlanSettings }
        : hop;
    expect(believing(cells, bridged).flatMap(contradiction)).not.toEqual([]);
  });

  it('changes in place, and reads back what somebody has changed', async () => {
    const longer = LAB.replace('mtu: 1400', 'mtu: 1300').replace(', allmulticast: true', '');
    const file = await topologyFile(folder, 'hmd-changed.yaml', longer);
    const { stdout } = await cli(['up', file, '--dry-run']);
    expect(stdout).toMatch(/change.*pr/);
    expect(stdout).toMatch(/change.*br/);
    expect(stdout).not.toMatch(/replace/);
  });
});
