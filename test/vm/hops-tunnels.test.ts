import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TunnelEnd } from '../../src/hops/tunnel.js';
import type { Hop } from '../../src/hops/types.js';
import { cli, scratchFolder, topologyFile } from '../support/cli.js';
import {
  arrivedIn,
  believing,
  contradiction,
  frameMatrix,
  lostIn,
  type Cell,
} from '../support/frame-matrix.js';

/** GRE, Geneve and GRE over IPv6 between two stacks of one guest: its kernel has them. */

const LAB = `name: htu
nodes:
  g:
    kind: vm
    namespaces: [a, b]
    devices:
      - { kind: veth, name: a:eth1, peer: b:eth1 }
      - { kind: gretap, name: a:plain, remote: 10.0.0.2 }
      - { kind: gretap, name: b:plain, remote: 10.0.0.1 }
      - { kind: gretap, name: a:key7, remote: 10.0.0.2, key: 7 }
      - { kind: gretap, name: b:key7, remote: 10.0.0.1, key: 7 }
      - { kind: gretap, name: a:key8, remote: 10.0.0.2, key: 8 }
      - { kind: gretap, name: b:key9, remote: 10.0.0.1, key: 9 }
      - { kind: geneve, name: a:gnv, vni: 7, remote: 10.0.0.2 }
      - { kind: geneve, name: b:gnv, vni: 7, remote: 10.0.0.1 }
      - { kind: geneve, name: a:far, vni: 8, remote: 10.0.0.2 }
      - { kind: geneve, name: b:far, vni: 8, remote: 10.0.0.3 }
      - { kind: ip6gretap, name: a:six, local: 'fd00::1', remote: 'fd00::2', key: 7 }
      - { kind: ip6gretap, name: b:six, local: 'fd00::2', remote: 'fd00::1', key: 7 }
    addresses:
      a:eth1: [10.0.0.1/24, fd00::1/64]
      b:eth1: [10.0.0.2/24, fd00::2/64]
links: []
`;

const PAIRS = [
  ['g/a:plain', 'g/b:plain'],
  ['g/a:key7', 'g/b:key7'],
  ['g/a:key8', 'g/b:key9'],
  ['g/a:gnv', 'g/b:gnv'],
  ['g/a:far', 'g/b:far'],
  ['g/a:six', 'g/b:six'],
] as const;

const folder = scratchFolder();
let cells: readonly Cell[];

beforeAll(async () => {
  expect(await cli(['up', await topologyFile(folder, 'htu.yaml', LAB)])).toMatchObject({
    exitCode: 0,
  });
  cells = await frameMatrix(LAB, { pairs: PAIRS });
});

afterAll(async () => {
  expect((await cli(['down', 'htu'])).exitCode).toBe(0);
});

describe('the model of tunnels to one other end', () => {
  it('is what the kernel does with every class, tunnel and direction', () => {
    expect(cells.flatMap(contradiction)).toEqual([]);
  });

  // What the kernel did, told without the model.
  it.each([
    ['GRE without a key', 'plain'],
    ['GRE with a key', 'key7'],
    ['Geneve', 'gnv'],
    ['GRE over IPv6', 'six'],
  ])('carries every class both ways by %s', (_, name) => {
    expect(lostIn(cells, `g/a:${name}`, `g/b:${name}`)).toEqual([]);
    expect(lostIn(cells, `g/b:${name}`, `g/a:${name}`)).toEqual([]);
  });

  it('carries nothing to another key, nor to an end that hears somebody else', () => {
    expect(arrivedIn(cells, 'g/a:key8', 'g/b:key9')).toEqual([]);
    expect(arrivedIn(cells, 'g/a:far', 'g/b:far')).toEqual([]);
  });

  it('is contradicted when it believes in another key, or another remote', () => {
    const believe = (more: Partial<TunnelEnd>) =>
      believing(cells, (hop: Hop) =>
        hop.kind === 'tunnel-end' && hop.stack === 'g/b'
          ? { ...hop, settings: { ...hop.settings, ...more } }
          : hop,
      ).flatMap(contradiction);
    expect(believe({ id: 9 })).not.toEqual([]);
    expect(believe({ remote: '10.0.0.3' })).not.toEqual([]);
    expect(believe({})).toEqual([]);
  });
});
