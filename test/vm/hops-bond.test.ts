import { describe, expect, it } from 'vitest';
import { BOND_MODES, type BondSettings } from '../../src/hops/bonding.js';
import type { Frame } from '../../src/frames/frame.js';
import type { Hop } from '../../src/hops/types.js';
import { verify } from '../support/cli.js';
import { believing, contradiction, lostIn } from '../support/frame-matrix.js';
import type { TestFrame } from '../support/frames.js';
import { matrixLab } from '../support/matrix-lab.js';

/** Bonds of every mode in the namespaces of one guest: this machine's kernel need not have the driver. */

/** Two bonds over two cables. */
const pair = (name: string, left: string, right: string): readonly string[] => [
  ...[1, 2].map((n) => `{ kind: veth, name: '${name}a:e${n}', peer: '${name}b:e${n}' }`),
  `{ kind: bond, name: '${name}a:bond0', members: ['${name}a:e1', '${name}a:e2'], ${left} }`,
  `{ kind: bond, name: '${name}b:bond0', members: ['${name}b:e1', '${name}b:e2'], ${right} }`,
];

/** A bond on a switch, and a host behind that. */
const onSwitch = (name: string, settings: string): readonly string[] => [
  ...[1, 2].map((n) => `{ kind: veth, name: '${name}a:e${n}', peer: '${name}s:e${n}' }`),
  `{ kind: veth, name: '${name}b:e1', peer: '${name}s:e3' }`,
  `{ kind: bond, name: '${name}a:bond0', members: ['${name}a:e1', '${name}a:e2'], ${settings} }`,
  `{ kind: bridge, name: '${name}s:br0', group_fwd_mask: 0xfffd, members: ['${name}s:e1', '${name}s:e2', '${name}s:e3'] }`,
];

const AD = 'mode: 802.3ad, lacp_rate: fast';
const DEVICES = [
  ...pair('rr', 'mode: balance-rr', 'mode: balance-rr'),
  // Each prefers another cable, and only one of the two takes what comes by the other.
  ...pair(
    'ab',
    "mode: active-backup, primary: 'aba:e2'",
    'mode: active-backup, all_slaves_active: true',
  ),
  ...pair('xor', 'mode: balance-xor', 'mode: balance-xor, xmit_hash_policy: layer2+3'),
  ...pair('all', 'mode: broadcast', 'mode: broadcast'),
  ...pair('ad', AD, AD),
  // Without a partner, one member is used.
  ...pair('lone', AD, 'mode: balance-xor'),
  // A member whose cable is dead is seen to be so, or is used all the same.
  ...pair('dead', 'mode: active-backup', 'mode: active-backup, miimon: 0'),
  ...onSwitch('tlb', 'mode: balance-tlb'),
  ...onSwitch('alb', 'mode: balance-alb'),
  ...onSwitch('fom', 'mode: active-backup, fail_over_mac: active, mtu: 1400'),
];
const NAMESPACES = [
  ...['rr', 'ab', 'xor', 'all', 'ad', 'lone', 'dead'].flatMap((name) => [`${name}a`, `${name}b`]),
  ...['tlb', 'alb', 'fom'].flatMap((name) => [`${name}a`, `${name}s`, `${name}b`]),
];

const LAB = `name: hb
nodes:
  g:
    kind: vm
    memory: 1GiB
    namespaces: [${NAMESPACES.join(', ')}]
    devices:
${DEVICES.map((device) => `      - ${device}\n`).join('')}    addresses: { ada:bond0: 10.0.0.1/24, adb:bond0: 10.0.0.2/24 }
links: []
verify:
  - { probe: icmp, from: g/ada, to: g/adb }
`;

const PAIRS = [
  ...['rr', 'ab', 'xor', 'all', 'ad', 'lone'].map((name) => [
    `g/${name}a:bond0`,
    `g/${name}b:bond0`,
  ]),
  ...['tlb', 'alb', 'fom'].map((name) => [`g/${name}a:bond0`, `g/${name}b:e1`]),
  ['g/aba:e1', 'g/abb:e1'],
] as [string, string][];

/** IPv6 of the receiver has joined the group of its own address; what stands for LACP is too short to be it. */
const know = ({ class: name, spec }: TestFrame): Frame => ({
  ...spec,
  ...(name === 'nd-solicitation' && { joined: true }),
  ...(name === 'lacp' && { payload: 46 }),
});

const lab = matrixLab(
  LAB,
  { know, pairs: PAIRS, sizes: [1400, 1401, 1500] },
  // It waits until LACP has come to rest.
  async () => expect((await verify('hb')).exitCode).toBe(0),
);

const classes = (from: string, to: string): readonly string[] =>
  lostIn(lab.cells, from, to).filter((name) => !/octets/.test(name));

const settingsOf = (hop: Hop): BondSettings | undefined =>
  'policy' in hop.settings ? (hop.settings as BondSettings) : undefined;

describe('the model of a bond', () => {
  it('is what the driver does with every class, mode and direction', () => {
    const modes = lab.cells.flatMap(({ path }) => path.map((hop) => settingsOf(hop)?.mode));
    expect(new Set(modes.filter((mode) => mode !== undefined))).toEqual(new Set(BOND_MODES));
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
  });

  it('has what comes by a backup end there, unless the bond takes it', () => {
    expect(classes('g/aba:bond0', 'g/abb:bond0')).toEqual([]);
    expect(classes('g/abb:bond0', 'g/aba:bond0')).toContain('unicast-own');
    expect(classes('g/abb:e1', 'g/aba:e1')).toEqual([]);
  });

  it('has those of the hash leave by the member that it gives', () => {
    const ways = lab.cells
      .filter(({ from }) => from === 'g/xora:bond0')
      .flatMap(({ path, prediction }) => (prediction.outcome === 'pass' ? [path[1]?.device] : []));
    expect(new Set(ways)).toEqual(new Set(['e1', 'e2']));
  });

  it('is contradicted when it believes that every mode is another one', () => {
    const other = (hop: Hop): Hop => {
      const settings = settingsOf(hop);
      if (settings?.mode !== 'active-backup') return hop;
      const turned: BondSettings = { ...settings, mode: 'balance-xor' };
      return { ...hop, settings: turned };
    };
    expect(believing(lab.cells, other).flatMap(contradiction)).not.toEqual([]);
  });
});
