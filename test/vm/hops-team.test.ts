import { describe, expect, it } from 'vitest';
import { TEAM_RUNNERS, type TeamSettings } from '../../src/hops/teaming.js';
import type { Frame } from '../../src/frames/frame.js';
import type { Hop } from '../../src/hops/types.js';
import { cli, scratchFolder, status, topologyFile, verify } from '../support/cli.js';
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

const BEST = "team, runner: activebackup, ports: { 'NS:e2': { prio: 10 } }";
const BACKUP = 'team, runner: activebackup';
const DEVICES = [
  ...pair('rr', 'team, runner: roundrobin', 'team, runner: random'),
  ...pair('all', 'team, runner: broadcast', 'team, runner: loadbalance, mtu: 1400'),
  // Each uses another cable, and neither hears the other.
  ...pair('ab', BEST.replace('NS', 'aba'), BACKUP),
  // With a bond on the other side, and with one that does not speak LACP.
  ...pair('ad', 'team, runner: lacp, fast_rate: true', 'bond, mode: 802.3ad, lacp_rate: fast'),
  ...pair('lone', 'team, runner: lacp, fast_rate: true', 'bond, mode: balance-xor'),
  // The team has the MAC of the port that it uses, or gives it its own.
  ...pair('by', `${BACKUP}, hwaddr_policy: by_active`, `${BACKUP}, hwaddr_policy: only_active`),
  // One key for each port: two aggregates, of which one is used.
  ...pair(
    'key',
    "team, runner: lacp, fast_rate: true, agg_select_policy: port_config, ports: { 'keya:e1': { lacp_key: 1 }, 'keya:e2': { lacp_key: 2, prio: 10 } }",
    'team, runner: lacp, fast_rate: true',
  ),
  // Nobody takes what comes by the first cable: only ARP tells.
  ...pair(
    'arp',
    `${BACKUP}, link_watch: { name: arp_ping, interval: 200, target_host: 10.0.9.2, source_host: 10.0.9.1 }`,
    "bond, mode: active-backup, primary: 'arpb:e2'",
  ),
];
/** Those between which frames of all classes are sent, and those between which pings are. */
const [SENT, PINGED] = [
  ['rr', 'all', 'ab', 'ad'],
  ['ad', 'by', 'key', 'arp', 'lone'],
];
const NAMES = [...SENT, ...PINGED.slice(1)];
/** The network of the IP addresses of a pair; that of `arp` is the one that it asks in. */
const netOf = (name: string): string => `10.0.${name === 'arp' ? 9 : PINGED.indexOf(name)}`;
/** Without a partner that speaks LACP no port is used. */
const probes = PINGED.map((name) => {
  const lost = name === 'lone' ? ", expect: blocked, at: 'g/lonea:team0'" : '';
  return `{ probe: icmp, from: g/${name}a, to: g/${name}b${lost} }`;
});

const LAB = `name: ht
nodes:
  g:
    kind: vm
    memory: 1GiB
    namespaces: [${NAMES.flatMap((name) => [`${name}a`, `${name}b`]).join(', ')}]
    devices:
${DEVICES.map((device) => `      - ${device}\n`).join('')}    addresses:
${PINGED.map((name) => `      ${name}a:team0: ${netOf(name)}.1/24\n      ${name}b:team0: ${netOf(name)}.2/24\n`).join('')}links: []
verify:
${probes.map((probe) => `  - ${probe}\n`).join('')}`;

const PAIRS = [...SENT.map((name) => [`g/${name}a:team0`, `g/${name}b:team0`])] as [
  string,
  string,
][];

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
  { know, pairs: PAIRS, sizes: [1400, 1401, 1500] },
  // It waits until LACP and ARP have come to rest.
  async () => {
    verdicts = (await verify('ht')).verdicts;
  },
);

const classes = (from: string, to: string): readonly string[] =>
  lostIn(lab.cells, from, to).filter((name) => !/octets/.test(name));

const settingsOf = (hop: Hop): TeamSettings | undefined =>
  'runner' in hop.settings ? (hop.settings as TeamSettings) : undefined;

const inGuest = async (...argv: readonly string[]): Promise<string> =>
  (await cli(['exec', 'g', '--', ...argv])).stdout;

describe('the model of a team', () => {
  it('is what the driver does with every class, runner and direction', () => {
    const runners = lab.cells.flatMap(({ path }) => path.map((hop) => settingsOf(hop)?.runner));
    expect(new Set(runners.filter((one) => one !== undefined))).toEqual(new Set(TEAM_RUNNERS));
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
  });

  it('has what comes by a backup end there', () => {
    expect(classes('g/aba:team0', 'g/abb:team0')).toContain('unicast-own');
    expect(classes('g/abb:team0', 'g/aba:team0')).toContain('unicast-own');
  });

  it('knows which port is used by MACs, keys and link watchers', () => {
    expect(verdicts).toHaveLength(probes.length);
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
    const file = await topologyFile(folder, 'ht.yaml', text);
    expect(await cli(['up', '--no-verify', file])).toMatchObject({ exitCode: 0 });
    expect((await status('ht')).drift).toEqual([]);
  };

  it('are read back, go on when a daemon is killed, and are changed in place', async () => {
    expect((await status('ht')).drift).toEqual([]);
    await inGuest('sh', '-c', 'kill -9 $(pidof teamd)');
    const daemons = async () => (await inGuest('pidof', 'teamd')).split(' ').length;
    const teams = DEVICES.filter((line) => line.includes('kind: team')).length;
    await expect.poll(daemons, { timeout: 30_000 }).toBe(teams);
    const options = () => inGuest('ip', 'netns', 'exec', 'aba', 'teamnl', 'team0', 'options');
    expect(await options()).toContain('enabled (port:e2) true');
    await changed(LAB.replace("'aba:e2': { prio: 10 }", "'aba:e1': { prio: 20 }"));
    await expect.poll(options, { timeout: 30_000 }).toContain('enabled (port:e1) true');
    expect(await options()).toContain('enabled (port:e2) false');
  });

  it('leave nothing behind when they are taken out of the file', async () => {
    const veths = DEVICES.filter((line) => line.includes('kind: veth'));
    const rest = veths.map((device) => `      - ${device}\n`).join('');
    await changed(LAB.replace(/devices:\n[^]*/, `devices:\n${rest}links: []\n`));
    expect(await inGuest('pidof', 'teamd')).toBe('');
    expect(await inGuest('sh', '-c', 'ls /run | grep teamd')).toBe('');
    const left =
      'for one in $(ip netns | cut -d" " -f1); do ip -n $one -br link show type team; done';
    expect(await inGuest('sh', '-c', left)).toBe('');
    expect(await inGuest('ip', '-n', 'aba', '-br', 'link', 'show', 'dev', 'e1')).toContain('UP');
  });
});
