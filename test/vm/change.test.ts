import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  cli,
  cliJson,
  expectHostAsBefore,
  hostSnapshot,
  scratchFolder,
  startCli,
  status,
  topologyFile,
  untilSaid,
  verify,
} from '../support/cli.js';
import { fileText } from '../support/lab-of.js';
import { resultSchemas } from '../../src/report/schemas/index.js';
import type { LabDefinition } from '../../src/topology/define-lab.js';

/** A lab with guests is changed in place, edit by edit, while a ping runs between two guests that no edit touches. */

const folder = scratchFolder();
const NAME = 'hot';

type Definition = Required<Pick<LabDefinition, 'name' | 'nodes' | 'links' | 'verify'>>;
type Addresses = Readonly<Record<string, string | string[]>>;

const guest = (addresses: Addresses, more: object = {}): LabDefinition['nodes'][string] => ({
  ...{ kind: 'vm', memory: '160MiB', addresses },
  ...more,
});
const pings = (...pairs: readonly (readonly [string, string])[]): Definition['verify'] =>
  pairs.map(([from, to]) => ({ probe: 'icmp', from, to }));

/** The two guests that are always there. */
const first: Definition = {
  name: NAME,
  nodes: { a: guest({ eth1: '10.0.0.1/24' }), b: guest({ eth1: '10.0.0.2/24' }) },
  links: [{ kind: 'macvtap', mode: 'passthru', ends: ['a:eth1', 'b:eth1'] }],
  verify: pings(['a:eth1', 'b:eth1']),
};

/** What the file says beyond them. */
interface Edits {
  /** The one that a third guest is cabled to, and settings of that cable. */
  readonly to: 'a' | 'b';
  readonly cable: object;
  /** Settings of the third guest, and addresses beyond those of its ports. */
  readonly c: object;
  readonly addresses: Addresses;
  /** Name of the segment that joins the third guest and a namespace. */
  readonly segment: string;
  /** Is there a fourth guest, on a datagram cable to the third? */
  readonly datagrams: boolean;
}

function edited({ to, cable, c, addresses, segment, datagrams }: Edits): Definition {
  const own = { eth1: '10.0.1.2/24', eth2: '10.0.2.2/24' };
  return {
    ...first,
    nodes: {
      ...first.nodes,
      [to]: guest({ ...first.nodes[to]?.addresses, eth2: '10.0.1.1/24' }),
      c: guest({ ...own, ...addresses, ...(datagrams && { eth3: '10.0.3.2/24' }) }, c),
      ...(datagrams && { d: guest({ eth1: '10.0.3.1/24' }) }),
      n: { kind: 'netns', addresses: { eth1: '10.0.2.1/24' } },
    },
    links: [
      ...first.links,
      { kind: 'macvtap', mode: 'vepa', ...cable, ends: ['c:eth1', `${to}:eth2`] },
      { kind: 'bridge', name: segment, ends: ['c:eth2', 'n:eth1'] },
      ...(datagrams ? [{ kind: 'udp' as const, ends: ['c:eth3', 'd:eth1'] as const }] : []),
    ] as Definition['links'],
    verify: [
      ...first.verify,
      ...pings(['c:eth1', `${to}:eth2`], ['c:eth2', 'n:eth1']),
      ...('allmulticast' in cable
        ? [{ probe: 'lldp' as const, from: 'c:eth1', to: `${to}:eth2` }]
        : []),
      ...pings(...(datagrams ? [['c:eth3', 'd:eth1'] as const] : [])),
    ],
  };
}

const INNER = {
  c: { namespaces: ['n1'], devices: [{ kind: 'veth', name: 'n1up', peer: 'n1:eth0' }] },
  addresses: {
    eth1: ['10.0.1.2/24', '10.0.1.9/24'],
    n1up: '10.0.5.2/24',
    'n1:eth0': '10.0.5.1/24',
  },
};
const APART =
  "change let nothing of the lab reach the host's own IP stack, nor the other way round";
const replug = (nic: string, lower: string, old: string, now: string): string =>
  `replace NIC ${nic}: <source dev="${lower}" mode="${old}"/> -> <source dev="${lower}" mode="${now}"/>; libvirt sets that when it plugs a NIC in`;

/** The edits in their order: each goes on from the one before, and brings these changes with what is in or on them. */
const EDITS: readonly (readonly [
  what: string,
  edit: Partial<Edits>,
  changes: readonly string[],
])[] = [
  [
    'a third guest, cabled to one that runs',
    {},
    [
      `${APART}: bridges none -> br8m87igni8b, others`,
      'create NIC a:eth2',
      'create address 10.0.1.1/24 of a:eth2',
      'create bring up a:eth2',
      'create boot c (guest mini, 160MiB, tcg)',
      'create network namespace of n',
      'create c:eth1-a:eth2: cable',
      'create mark c:eth1 macvtap',
      'create mark a:eth2 macvtap',
      'create c:eth2: its tap on the host',
      'create old: Linux bridge',
      'create plug tax7q62a4qi2 into the bridge',
      'create plug vevshtebzm6v into the bridge',
    ],
  ],
  [
    'another end of a cable',
    { to: 'b' },
    [
      'remove mark a:eth2 macvtap',
      'remove c:eth1-a:eth2: cable',
      'remove bring up a:eth2',
      'remove address 10.0.1.1/24 of a:eth2',
      'remove NIC a:eth2',
      `${APART}: others`,
      'create NIC b:eth2',
      'create address 10.0.1.1/24 of b:eth2',
      'create bring up b:eth2',
      `replace NIC c:eth1: with: c:eth1-a:eth2: cable`,
      'create c:eth1-b:eth2: cable',
      'create mark b:eth2 macvtap',
    ],
  ],
  [
    'another mode',
    { cable: { mode: 'passthru' } },
    [
      replug('b:eth2', 'vejp2pg563u3', 'vepa', 'passthrough'),
      replug('c:eth1', 'veds8s59e6n4', 'vepa', 'passthrough'),
    ],
  ],
  [
    'the mode that it had',
    { cable: {} },
    [
      replug('b:eth2', 'vejp2pg563u3', 'passthrough', 'vepa'),
      replug('c:eth1', 'veds8s59e6n4', 'passthrough', 'vepa'),
    ],
  ],
  [
    'a flag',
    { cable: { allmulticast: true } },
    [
      'change mark c:eth1 macvtap and set allmulticast on: flags none -> allmulticast',
      'change mark b:eth2 macvtap and set allmulticast on: flags none -> allmulticast',
    ],
  ],
  [
    'an address, and an inner namespace',
    INNER,
    [
      'create network namespace c/n1',
      'create veth pair n1up - n1:eth0',
      'create address 10.0.1.9/24 of c:eth1',
      'create address 10.0.5.2/24 of c:n1up',
      'create bring up c:n1up',
      'create address 10.0.5.1/24 of c/n1:eth0',
      'create bring up c/n1:lo',
      'create bring up c/n1:eth0',
    ],
  ],
  [
    'names for links',
    { cable: { allmulticast: true, name: 'named' }, segment: 'new' },
    [
      'remove plug vevshtebzm6v into the bridge',
      'remove plug tax7q62a4qi2 into the bridge',
      'remove old: Linux bridge',
      `${APART}: bridges br8m87igni8b -> bru5dq5num4v`,
      'create new: Linux bridge',
      'create plug tax7q62a4qi2 into the bridge',
      'create plug vevshtebzm6v into the bridge',
    ],
  ],
  [
    'another memory',
    { c: { ...INNER.c, memory: '170MiB' } },
    [
      'replace boot c (guest mini, 170MiB, tcg): <memory unit="KiB">163840</memory> -> <memory unit="KiB">174080</memory>; libvirt cannot change that of a domain that runs',
    ],
  ],
  [
    'a cable that cannot be plugged into what runs',
    { datagrams: true },
    [
      'replace boot c (guest mini, 170MiB, tcg): that comes with it alone: NIC c:eth3',
      'create boot d (guest mini, 160MiB, tcg)',
    ],
  ],
];

const write = (lab: Definition): Promise<string> =>
  topologyFile(folder, `${NAME}.yaml`, fileText(lab));

const inside = async (node: string, script: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await cli(['exec', `${NAME}/${node}`, 'sh', '-c', script]);
  expect([exitCode, stderr]).toEqual([0, '']);
  return stdout.trim();
};
/** Which boot it is of each guest that no edit touches. */
const boots = (): Promise<readonly string[]> =>
  Promise.all(['a', 'b'].map((node) => inside(node, 'cat /proc/sys/kernel/random/boot_id')));

let before: string;
let began: readonly string[];
let ping: ReturnType<typeof startCli>;
let edits: Edits = {
  ...{ to: 'a', cable: {}, c: {}, addresses: {}, segment: 'old', datagrams: false },
};

type Change = Awaited<ReturnType<typeof cliJson<'up'>>>['result']['changes'][number];

/** Changes for people, without those of what is in or on what is made, replaced or removed. */
function told(changes: readonly Change[]): readonly string[] {
  const stacks = changes
    .filter(({ type }) => type === 'domain' || type === 'netns')
    .map(({ id }) => id.split(' ')[1]);
  const isWithin = ({ type, id }: Change): boolean =>
    type !== 'domain' && id.split(/[ :/]/).some((word) => stacks.includes(word));
  return changes
    .filter(({ type, because }) => type === 'nic' || !because?.startsWith('with: '))
    .filter((one) => one.type === 'netns' || !isWithin(one))
    .map(({ how, what, because }) => `${how} ${what}${because === null ? '' : `: ${because}`}`);
}

/** Change the lab to what its file says now, and see that the links go on. @returns the changes that were told, and then made */
async function change(lab: Definition): Promise<readonly string[]> {
  const file = await write(lab);
  const dry = await cliJson('up', file, '--dry-run');
  const { exitCode, result } = await cliJson('up', file);
  const { changes, verdicts, findings } = result;
  expect([...verdicts.filter(({ outcome }) => outcome !== 'pass'), ...findings]).toEqual([]);
  expect([dry.exitCode, exitCode, changes]).toEqual([0, 0, dry.result.changes]);
  expect((await cliJson('up', file)).result).toMatchObject({ changed: false, differs: [] });
  return told(changes);
}

async function allPass(): Promise<void> {
  const { exitCode, verdicts, findings } = await verify(join(folder, `${NAME}.yaml`));
  expect([...verdicts.filter(({ outcome }) => outcome !== 'pass'), ...findings]).toEqual([]);
  expect([exitCode, verdicts.length]).toEqual([0, edited(edits).verify.length]);
}

beforeAll(async () => {
  before = await hostSnapshot();
  expect((await cli(['up', await write(first)])).exitCode).toBe(0);
  began = await boots();
  ping = startCli(['exec', `${NAME}/a`, 'ping', '-i', '0.1', '10.0.0.2']);
});
afterAll(() => cli(['down', '--all']));

it.each(EDITS)('%s', async (_, edit, changes) => {
  edits = { ...edits, ...edit };
  expect(await change(edited(edits))).toEqual(changes);
});

it('a guest that somebody has destroyed is made again, with all that is in it', async () => {
  const watch = startCli(['watch', NAME, '--json']);
  await untilSaid(watch, '"begin"');
  await execa('virsh', ['-q', '-c', 'qemu:///system', 'destroy', `${NAME}.c`]);
  expect(await change(edited(edits))).toEqual([
    'create boot c (guest mini, 170MiB, tcg): it is not there any more',
    'create mark c:eth1 macvtap and set allmulticast on: it is not there any more',
  ]);
  watch.kill('SIGINT');
  const lines = (await watch).stdout.split('\n');
  const told = lines.map((line) => resultSchemas.watch.parse(JSON.parse(line)));
  expect(told.flatMap((one) => (one.event === 'guest' ? [[one.node, one.what]] : []))).toEqual(
    expect.arrayContaining([
      ['c', 'stopped'],
      ['c', 'started'],
    ]),
  );
  expect(await inside('c', 'ip -n n1 -br -4 addr show eth0')).toContain('10.0.5.1/24');
  await allPass();
});

it('fewer nodes', async () => {
  const changes = await change(first);
  expect(changes.filter((one) => !one.startsWith('remove '))).toEqual([
    `${APART}: bridges bru5dq5num4v -> none, others`,
  ]);
  expect(changes).toEqual(
    expect.arrayContaining(
      ['boot d (guest mini, 160MiB, tcg)', 'NIC b:eth2', 'named: cable c:eth1 - b:eth2'].map(
        (what) => `remove ${what}`,
      ),
    ),
  );
  const { nodes, links } = await status(NAME);
  expect(nodes.map(({ name, state }) => `${name} ${state}`)).toEqual(['a running', 'b running']);
  expect(links.map(({ id, state }) => `${id} ${state}`)).toEqual(['a:eth1-b:eth1 up']);
});

it('has disturbed no ping and no guest, and leaves nothing on the host', async () => {
  expect(await boots()).toEqual(began);
  // The first one that is lost is missed for good.
  ping.kill('SIGINT');
  const said = (await ping).stdout;
  const answered = Array.from(said.matchAll(/seq=(\d+)/g), ([, n]) => Number(n));
  expect(answered.length).toBeGreaterThan(100);
  expect(answered).toEqual(answered.map((_, index) => index + (answered[0] ?? 0)));
  expect((await cli(['down', NAME])).exitCode).toBe(0);
  await expectHostAsBefore(before);
});
