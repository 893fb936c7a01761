import { describe, expect, it } from 'vitest';
import { parseFlow } from '../../src/hops/openflow/parse-flow.js';
import type { OvsSettings } from '../../src/hops/openflow/settings.js';
import type { Hop } from '../../src/hops/types.js';
import { cli, cliJson, scratchFolder, topology, topologyFile, verify } from '../support/cli.js';
import { arrivedIn, believing, contradiction, lostIn } from '../support/frame-matrix.js';
import { matrixLab } from '../support/matrix-lab.js';

/** Bridges of Open vSwitch on the datapath of a guest's kernel, in one guest of the template `switch`. */

const LLDP = '01:80:c2:00:00:0e';

/** A bridge `brN` between namespaces `nA`, `nB`, ... with ports `nAp`, ... */
const bridge = (n: number, ends: string, ports: string, more = ''): string =>
  [
    ...ends.split('').map((end) => `{ kind: veth, name: p${n}${end}, peer: "n${end}:e${n}" }`),
    `{ kind: ovs, name: br${n}, ports: [${ports}]${more} }`,
  ]
    .map((line) => `      - ${line}`)
    .join('\n');

const LAB = `name: hovs
nodes:
  g:
    kind: vm
    guest: switch
    namespaces: [na, nb, nc, nd]
    devices:
${bridge(0, 'ab', 'p0a, p0b')}
${bridge(1, 'ab', 'p1a, p1b', ', forward_bpdu: true')}
${bridge(2, 'abcd', '{ port: p2a, tag: 7 }, { port: p2b, trunks: [7, 9] }, { port: p2c, tag: 7, vlan_mode: native-untagged }, { port: p2d, tag: 9, vlan_mode: native-tagged, trunks: [7] }')}
${bridge(
  3,
  'abc',
  '{ port: p3a, number: 12 }, p3b, p3c',
  `, fail_mode: secure, flows: [
        'priority=10,in_port=p3a,actions=output:p3b', 'in_port=p3b,dl_dst=${LLDP},actions=12', 'priority=20,arp,in_port=p3a,actions=drop',
        'priority=5,in_port=p3b,actions=resubmit(,1)', 'table=1,priority=3,ip,in_port=p3b,actions=all', 'table=1,priority=4,dl_vlan=7,actions=strip_vlan,output:12',
        'table=1,priority=1,ipv6,actions=mod_vlan_vid:9,flood', 'priority=7,in_port=p3c,icmp,actions=p3a,p3b', 'priority=6,in_port=p3c,dl_src=01:00:00:00:00:00/01:00:00:00:00:00,actions=p3a',
        'priority=8,in_port=p3c,ip,nw_dst=224.0.0.0/4,actions=in_port,p3b', 'priority=9,in_port=p3c,vlan_tci=0x1007/0x1fff,actions=goto_table:2', 'table=2,actions=normal' ]`,
)}
${bridge(4, 'ab', '{ port: p4a, tag: 100, vlan_mode: dot1q-tunnel }, p4b')}
${bridge(5, 'ab', 'p5a, p5b', ', fail_mode: secure')}
links: []
`;

const PAIRS = [
  ...[0, 1, 4, 5].map((n) => [`g/na:e${n}`, `g/nb:e${n}`] as const),
  ...['ab', 'ac', 'ad', 'bc', 'bd', 'cd'].map(
    ([one, other]) => [`g/n${one}:e2`, `g/n${other}:e2`] as const,
  ),
  ...['ab', 'ac', 'bc'].map(([one, other]) => [`g/n${one}:e3`, `g/n${other}:e3`] as const),
  ['g/na:e0', 'g:br0'] as const,
];

const folder = scratchFolder();
const lab = matrixLab(LAB, { pairs: PAIRS, sizes: [1500] });

describe('the model of Open vSwitch', () => {
  it('is what it does with every class, in every setting and direction', () => {
    expect(lab.cells.flatMap(contradiction)).toEqual([]);
  });

  // What Open vSwitch did, told without the model.
  it('loses the reserved addresses in NORMAL, until the bridge forwards them', () => {
    const reserved = ['lldp', 'stp', 'lacp', 'dot1x', 'pause', 'cdp'];
    expect(lostIn(lab.cells, 'g/na:e0', 'g/nb:e0')).toEqual(expect.arrayContaining(reserved));
    expect(arrivedIn(lab.cells, 'g/na:e1', 'g/nb:e1')).toEqual(expect.arrayContaining(reserved));
  });

  it('keeps what has no tag from a trunk that has no VLAN 0, and lets its own VLAN through', () => {
    expect(arrivedIn(lab.cells, 'g/nb:e2', 'g/na:e2')).toContain('vlan 7');
    expect(arrivedIn(lab.cells, 'g/nb:e2', 'g/na:e2')).not.toContain('arp-request');
    expect(arrivedIn(lab.cells, 'g/na:e2', 'g/nc:e2')).toContain('arp-request');
  });

  it('carries nothing on a bridge that is secure and has no flow', () => {
    expect(arrivedIn(lab.cells, 'g/na:e5', 'g/nb:e5')).toEqual([]);
  });

  it('is contradicted when it believes in other flows, VLANs or reserved addresses', () => {
    const believe = (more: (settings: OvsSettings) => Partial<OvsSettings>) =>
      believing(lab.cells, (hop: Hop) =>
        hop.kind === 'ovs-switch'
          ? { ...hop, settings: { ...hop.settings, ...more(hop.settings as OvsSettings) } }
          : hop,
      ).flatMap(contradiction);
    expect(believe(() => ({ flows: [parseFlow('actions=NORMAL')] }))).not.toEqual([]);
    expect(believe(({ forwardBpdu }) => ({ forwardBpdu: !forwardBpdu }))).not.toEqual([]);
    const other = ({ ports }: OvsSettings) =>
      Object.fromEntries(
        Object.entries(ports).map(([id, port]) => [
          id,
          { ...port, vlans: { ...port.vlans, tag: 8 } },
        ]),
      );
    expect(believe((settings) => ({ ports: other(settings) }))).not.toEqual([]);
  });
});

/** What `up` says that it has changed of the lab, by a file. */
async function changed(text: string): Promise<string> {
  const file = await topologyFile(folder, 'hovs.yaml', text);
  const { exitCode, stdout } = await cli(['up', file, '--no-verify']);
  expect(exitCode).toBe(0);
  return stdout;
}

const inGuest = async (...argv: string[]): Promise<string> => {
  const { exitCode, stdout } = await cli(['exec', 'g', '--', ...argv]);
  expect({ argv, exitCode }).toEqual({ argv, exitCode: 0 });
  return stdout.trim();
};

describe('flows', () => {
  const decided = async (frame: string, port: string, code = 0) => {
    const { exitCode, result } = await cliJson('flows', 'g:br3', '--frame', frame, '--in', port);
    expect(exitCode).toBe(code);
    return result.bridges[0]?.decided;
  };

  it('lists the tables with what each flow has matched', async () => {
    const { result } = await cliJson('flows', 'g:br3');
    const [bridge] = result.bridges;
    expect(bridge).toMatchObject({ node: 'g', bridge: 'br3', decided: null });
    expect(bridge?.flows).toHaveLength(12);
    const first = bridge?.flows.find(({ match }) => match === 'in_port=p3a');
    expect(first).toMatchObject({ table: 0, priority: 10, actions: 'output:p3b' });
    // What the matrix sent.
    expect(first?.packets).toBeGreaterThan(10);
  });

  it('says which flow decides on a frame, and what the model says of it', async () => {
    expect(await decided('lldp', 'p3b')).toMatchObject({
      flows: [{ table: 0, match: expect.stringContaining(LLDP) as string }],
      ...{ sent: ['p3a'], predicted: ['p3a'], agree: true },
    });
    const missed = await decided('lacp', 'p3b');
    expect(missed).toMatchObject({ sent: [], predicted: [], agree: true });
    expect(missed?.flows.map(({ table }) => table)).toEqual([0, 1]);
    expect(missed?.flows.at(-1)?.match).toBeNull();
    expect(await decided('icmp', 'p3b')).toMatchObject({
      sent: ['p3a', 'p3c', 'br3'],
      agree: true,
    });
  });

  it('contradicts the model where somebody has changed a flow', async () => {
    await inGuest(
      'ovs-ofctl',
      'add-flow',
      'br3',
      'priority=99,in_port=12,dl_type=0x88cc,actions=2',
    );
    expect(await decided('lldp', 'p3a', 1)).toMatchObject({
      ...{ sent: ['p3c'], predicted: ['p3b'], agree: false },
    });
    await inGuest(
      'ovs-ofctl',
      '--strict',
      'del-flows',
      'br3',
      'priority=99,in_port=12,dl_type=0x88cc',
    );
  });
});

describe('a bridge that is up', () => {
  it('is read back, and what somebody has changed of it is mended', async () => {
    expect((await cli(['status', 'hovs'])).stdout).not.toContain('not as it was built');
    await inGuest('ovs-vsctl', 'set', 'port', 'p2a', 'tag=8', '--', 'del-port', 'p1a');
    await inGuest('ovs-vsctl', 'set', 'bridge', 'br1', 'other_config:forward-bpdu=false');
    await inGuest('ovs-ofctl', 'del-flows', 'br3', 'in_port=12');
    await inGuest('ovs-ofctl', 'mod-flows', 'br3', 'table=2,actions=drop');
    const said = await changed(LAB);
    expect(said).toMatch(/change +plug p2a into port 1 of br2/);
    expect(said).toMatch(/create +plug p1a into port 1 of br1/);
    expect(said).toMatch(/change +Open vSwitch bridge br1/);
    expect(said.match(/create +br3: /g)).toHaveLength(2);
    expect(said).toMatch(/change +br3: table=2,actions=normal/);
    expect(await inGuest('ovs-vsctl', 'get', 'port', 'p2a', 'tag')).toBe('7');
    expect((await cli(['status', 'hovs'])).stdout).not.toContain('not as it was built');
  });

  it('is changed in place, and goes with its line', async () => {
    const said = await changed(
      LAB.replace('fail_mode: secure }', "controllers: ['tcp:127.0.0.1:6653'], stp: true }")
        .replace('{ port: p2a, tag: 7 }', 'p2a')
        .replace(/^.*name: br4.*\n/m, ''),
    );
    expect(said).toMatch(/change +Open vSwitch bridge br5/);
    expect(said).toMatch(/change +plug p2a into port 1 of br2/);
    expect(said).not.toMatch(/(create|replace) +/);
    expect(await inGuest('ovs-vsctl', 'get-controller', 'br5')).toBe('tcp:127.0.0.1:6653');
    expect(await inGuest('ovs-vsctl', 'get', 'port', 'p2a', 'tag', 'vlan_mode')).toBe('[]\ntrunk');
    expect((await inGuest('ovs-vsctl', 'list-br')).split('\n')).not.toContain('br4');
  });
});

describe('openflow-switches', () => {
  it('carries pings and LLDP from switch to switch by its flows, and names the bridge that eats LLDP', async () => {
    expect((await cli(['up', topology('openflow-switches.yaml')])).exitCode).toBe(0);
    const { exitCode, verdicts } = await verify('openflow-switches');
    expect(exitCode).toBe(0);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(Array(9).fill('pass'));
    expect(verdicts[6]?.blame).toMatchObject({
      at: 'sw1:normal switch',
      reason: expect.stringContaining('NORMAL drops 01:80:c2:00:00:0e') as string,
    });
    expect((await cli(['down', 'openflow-switches'])).exitCode).toBe(0);
  });
});
