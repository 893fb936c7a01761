import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TEAM_RUNNERS, type TeamSettings } from '../../src/hops/teaming.js';
import type { Frame } from '../../src/frames/frame.js';
import type { Hop } from '../../src/hops/types.js';
import { cli, scratchFolder, status, topology, topologyFile, verify } from '../support/cli.js';
import { believing, contradiction, lostIn } from '../support/frame-matrix.js';
import type { TestFrame } from '../support/frames.js';
import { matrixLab } from '../support/matrix-lab.js';

/** Teams of every runner in the namespaces of one guest: this machine's kernel need not have the driver. */

/** Two devices of two ports each over two cables. */
const pair = (name: string, left: string, right: string): readonly string[] => [
  ...[1, 2].map((n) => `{ kind: veth, name: '${name}a:e${n}', peer: '${name}b:e${n}' }`),
  `{ name: '${name}a:team0', members: ['${name}a:e1', '${name}a:e2'], kind: ${left} }`,
  `{ name: '${name}b:team0', members: ['${name}b:e1', '${name}b:e2'], kind: ${right} }`,
];

const BACKUP = 'team, runner: activebackup';
const LACP = 'team, runner: lacp, fast_rate: true';
const DEVICES = [
  ...pair('rr', 'team, runner: roundrobin', 'team, runner: broadcast, mtu: 1400'),
  ...pair('lb', 'team, runner: loadbalance', 'bond, mode: balance-xor'),
  // A bond that does not speak LACP.
  ...pair('lone', LACP, 'bond, mode: balance-xor'),
  // The team has the MAC of the port that it uses, or gives it its own.
  ...pair('by', `${BACKUP}, hwaddr_policy: by_active`, `${BACKUP}, hwaddr_policy: only_active`),
  // One key for each port: two aggregates, of which one is used.
  ...pair(
    'key',
    `${LACP}, agg_select_policy: port_config, ports: { 'keya:e1': { lacp_key: 1 }, 'keya:e2': { lacp_key: 2, prio: 10 } }`,
    LACP,
  ),
  // Nobody takes what comes by the first cable: only ARP tells.
  ...pair(
    'arp',
    `${BACKUP}, link_watch: { name: arp_ping, interval: 200, target_host: 10.9.3.2, source_host: 10.9.3.1 }`,
    "bond, mode: active-backup, primary: 'arpb:e2'",
  ),
];
const PINGED = ['lone', 'by', 'key', 'arp'];
const NAMESPACES = ['rr', 'lb', ...PINGED].flatMap((name) => [`${name}a`, `${name}b`]);
const ADDRESSES = PINGED.flatMap((name, net) => [
  `${name}a:team0: 10.9.${net}.1/24`,
  `${name}b:team0: 10.9.${net}.2/24`,
]);
/** Without a partner that speaks LACP no port is used. */
const PROBES = PINGED.map((name) => {
  const lost = name === 'lone' ? ", expect: blocked, at: 'host/lonea:team0'" : '';
  return `{ probe: icmp, from: host/${name}a, to: host/${name}b${lost} }`;
});

const listed = (lines: readonly string[], start: string): string =>
  lines.map((line) => `${start}${line}\n`).join('');

/** The lab that shows what a team is, with more teams in it. */
const LAB = readFileSync(topology('team-beside-bond.yaml'), 'utf8')
  .replace('namespaces: [a, b]', `namespaces: [a, b, ${NAMESPACES.join(', ')}]`)
  .replace(
    '    addresses:\n',
    `${listed(DEVICES, '      - ')}    addresses:\n${listed(ADDRESSES, '      ')}`,
  )
  // What is sent by chance teaches the bridge one port or the other, by which alone the answers would go.
  .replace(
    "members: ['b:e7', 'b:e8'] }",
    "members: [{ port: 'b:e7', learning: false }, { port: 'b:e8', learning: false }] }",
  )
  .replace('verify:\n', `verify:\n${listed(PROBES, '  - ')}`);
const NAME = 'team-beside-bond';

const PAIRS = [
  ['host/a:team0', 'host/b:br0'],
  ['host/a:team1', 'host/b:bond1'],
  ['host/a:team3', 'host/b:br3'],
  ['host/a:team4', 'host/b:bond4'],
  ['host/rra:team0', 'host/rrb:team0'],
  ['host/lba:team0', 'host/lbb:team0'],
] as const;

/** IPv6 of the receiver has joined the group of its own address. */
const know = ({ class: name, spec }: TestFrame): Frame => ({
  ...spec,
  ...(name === 'nd-solicitation' && { joined: true }),
  // What stands for LACP is too short to be it, which a bond looks at.
  ...(name === 'lacp' && { payload: 46 }),
});

const folder = scratchFolder();
let verdicts: Awaited<ReturnType<typeof verify>>['verdicts'];
const lab = matrixLab(
  LAB,
  { know, pairs: PAIRS, sizes: [1401] },
  // It waits until LACP and ARP have come to rest.
  async () => {
    verdicts = (await verify(NAME)).verdicts;
  },
);

const settingsOf = (hop: Hop): TeamSettings | undefined =>
  'runner' in hop.settings ? (hop.settings as TeamSettings) : undefined;

const inGuest = async (...argv: readonly string[]): Promise<string> =>
  (await cli(['exec', 'host', '--', ...argv])).stdout;

describe('the model of a team', () => {
  it('is what the driver does with every class, runner and direction', () => {
    const runners = lab.cells.flatMap(({ path }) => path.map((hop) => settingsOf(hop)?.runner));
    expect(new Set(runners.filter((one) => one !== undefined))).toEqual(new Set(TEAM_RUNNERS));
    expect(LAB).toContain('learning: false');
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
  });

  it('has what comes by a backup end there', () => {
    expect(lostIn(lab.cells, 'host/a:team1', 'host/b:bond1')).toContain('unicast-own');
    expect(lostIn(lab.cells, 'host/b:bond1', 'host/a:team1')).toContain('unicast-own');
    expect(lostIn(lab.cells, 'host/a:team4', 'host/b:bond4')).not.toContain('unicast-own');
  });

  it('knows which port is used by MACs, keys and link watchers', () => {
    expect(verdicts.length).toBeGreaterThan(PROBES.length);
    for (const verdict of verdicts)
      expect(verdict).toMatchObject({ outcome: 'pass', surprise: null });
  });

  it('is contradicted when it believes that every best port is the other one', () => {
    const other = (hop: Hop): Hop => {
      const settings = settingsOf(hop);
      if (settings?.runner !== 'activebackup') return hop;
      const turned: TeamSettings = { ...settings, runner: 'broadcast' };
      return { ...hop, settings: turned };
    };
    expect(believing(lab.cells, other).flatMap(contradiction)).not.toEqual([]);
  });
});

describe('teams', () => {
  const changed = async (text: string): Promise<void> => {
    expect(text).not.toBe(LAB);
    const file = await topologyFile(folder, `${NAME}.yaml`, text);
    expect(await cli(['up', '--no-verify', file])).toMatchObject({ exitCode: 0 });
    expect((await status(NAME)).drift).toEqual([]);
  };

  it('are read back, go on when a daemon is killed, and are changed in place', async () => {
    expect((await status(NAME)).drift).toEqual([]);
    await inGuest('sh', '-c', 'kill -9 $(pidof teamd)');
    const daemons = async () => (await inGuest('pidof', 'teamd')).split(' ').length;
    const teams = LAB.match(/kind: team/g)?.length;
    await expect.poll(daemons, { timeout: 30_000 }).toBe(teams);
    const options = () => inGuest('ip', 'netns', 'exec', 'a', 'teamnl', 'team0', 'options');
    expect(await options()).toContain('enabled (port:e2) true');
    await changed(LAB.replace("{ 'a:e2': { prio: 10 } }", "{ 'a:e1': { prio: 20 } }"));
    await expect.poll(options, { timeout: 30_000 }).toContain('enabled (port:e1) true');
    expect(await options()).toContain('enabled (port:e2) false');
  });

  it('leave nothing behind when they are taken out of the file', async () => {
    const rest = LAB.split('\n').filter((line) => line.includes('kind: veth'));
    await changed(LAB.replace(/devices:\n[^]*/, `devices:\n${rest.join('\n')}\nlinks: []\n`));
    expect(await inGuest('pidof', 'teamd')).toBe('');
    expect(await inGuest('sh', '-c', 'ls /run | grep teamd')).toBe('');
    const left =
      'for one in $(ip netns | cut -d" " -f1); do ip -n $one -br link show type team; done';
    expect(await inGuest('sh', '-c', left)).toBe('');
    expect(await inGuest('ip', '-n', 'a', '-br', 'link', 'show', 'dev', 'e1')).toContain('UP');
  });
});
