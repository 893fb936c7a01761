import { describe, expect, it } from 'vitest';
import { predictWalks, type WalkArguments } from '../../../src/cli/predict-walk.js';
import { hearingOn } from '../../../src/hops/hearing.js';
import { pairsOf } from '../../../src/plan/pairs.js';
import { wire } from '../../../src/plan/wire.js';
import { prepareChecks } from '../../../src/probes/prepare.js';
import { formatMatrix } from '../../../src/report/terminal/prediction-matrix.js';
import { predictedWalk } from '../../../src/report/schemas/walks.js';
import { formatWalks } from '../../../src/report/terminal/walk.js';
import { walksJson } from '../../../src/report/walk-json.js';
import type { LabDefinition } from '../../../src/topology/define-lab.js';
import { FACTS, labOf } from '../../support/lab-of.js';

const MANY = Array.from({ length: 50 }, (_, index) => index + 1);

/** Fifty guests on one bridge, each with a switch and a container behind it. */
const guests: LabDefinition = {
  name: 'fifty-guests',
  nodes: Object.fromEntries(
    MANY.map((n) => [
      `switch${n}`,
      {
        kind: 'vm',
        namespaces: ['c1'],
        devices: [
          { kind: 'veth', name: 'c1up', peer: 'c1:eth0' },
          { kind: 'bridge', name: 'br0', members: ['eth1', 'c1up'] },
        ],
        addresses: { 'c1:eth0': `10.1.0.${n}/24` },
      },
    ]),
  ),
  links: [{ kind: 'bridge', ends: MANY.map((n) => `switch${n}:eth1`) }],
};

/** Fifty cables into one switch. */
const star: LabDefinition = {
  name: 'fifty-cables',
  nodes: {
    sw: {
      kind: 'netns',
      devices: [{ kind: 'bridge', name: 'br0', members: MANY.map((n) => `p${n}`) }],
    },
    ...Object.fromEntries(
      MANY.map((n) => [`host${n}`, { kind: 'netns', addresses: { eth1: `10.0.0.${n}/24` } }]),
    ),
  },
  links: MANY.map((n) => ({ kind: 'veth', ends: [`sw:p${n}`, `host${n}:eth1`] })),
};

function walked(definition: LabDefinition, asked: WalkArguments & { readonly from: string }) {
  const lab = labOf(definition);
  const told = predictWalks(lab, wire(lab, FACTS), asked);
  return { told, text: (columns: number) => formatWalks(lab.name, told, columns) };
}

const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

describe('what is predicted of a lab with 50 ports', () => {
  it.each([60, 80, 120])('fits on a screen of %d columns, walks and tables alike', (columns) => {
    for (const asked of [
      { from: 'switch1/c1', to: 'switch9/c1', frame: 'arp-request' },
      { from: 'switch1/c1', frame: 'unicast-foreign' },
      { from: 'switch1:eth1', to: 'switch9:eth1' },
    ] as const) {
      const text = walked(guests, asked).text(columns);
      expect(widest(text)).toBeLessThanOrEqual(columns);
      expect(text.split('\n').length).toBeLessThan(40);
    }
    for (const definition of [guests, star]) {
      const lab = labOf(definition);
      const wiring = wire(lab, FACTS);
      const { checks } = prepareChecks(lab, wiring.model);
      const pairs = pairsOf(lab, wiring, checks).map(({ path, link }) => ({
        ...{ link, ...hearingOn(wiring.model, path) },
      }));
      const table = formatMatrix(lab.name, pairs, { columns });
      expect(widest(table)).toBeLessThanOrEqual(columns);
      expect(table.split('\n').length).toBeLessThan(60);
    }
  });

  it('sums up branches that are alike, and counts who hears', () => {
    const text = walked(guests, {
      from: 'switch1/c1',
      to: 'switch9/c1',
      frame: 'arp-request',
    }).text(80);
    expect(text).toContain('Also heard by 98 devices:');
    expect(text).toMatch(/switch2:eth1 tap > switch2:eth1 > switch2:br0\n.*switch2\/c1:eth0/);
    expect(text).toContain('✓ and 46 more like these');
  });

  it('has every branch as data', () => {
    const { told } = walked(guests, { from: 'switch1/c1', to: 'switch9/c1', probe: 'icmp' });
    const walks = predictedWalk.array().parse(walksJson(told));
    expect(walks.map(({ name }) => name)).toEqual([
      'ARP request',
      'ARP reply',
      'echo request',
      'echo reply',
    ]);
    type Tree = (typeof walks)[number]['tree'];
    const heardIn = (tree: Tree): readonly string[] => [
      ...(tree.ends.some(({ end }) => end === 'delivery') ? [tree.label] : []),
      ...tree.children.flatMap(heardIn),
    ];
    for (const n of MANY.slice(1))
      expect(walks[0] && heardIn(walks[0].tree)).toContain(`switch${n}/c1:eth0`);
    // The switches have learnt where both are.
    expect(walks[2] && heardIn(walks[2].tree)).toEqual(['switch9/c1:eth0']);
  });
});

describe('a walk as text', () => {
  const one = (links: LabDefinition['links'], more: Partial<LabDefinition['nodes']> = {}) =>
    ({
      name: 'one',
      nodes: { a: { kind: 'netns' }, b: { kind: 'netns' }, ...more },
      links,
    }) as LabDefinition;

  it('says where chance decides, how likely it passes, and why', () => {
    const lab = one([{ kind: 'macvtap', ends: ['a:eth1', 'g:eth1'] }], { g: { kind: 'vm' } });
    const text = walked(lab, { from: 'a:eth1', to: 'g:eth1', frame: 'lldp' }).text(80);
    expect(text).toMatch(/✓ a:eth1/);
    expect(text).toMatch(/\? g:eth1 macvtap +by chance, 1 in 85/);
    expect(text).toContain('It passes g:eth1 macvtap only by chance.');
    expect(text).toMatch(/reason: .*filters multicast/);
  });

  it('tells a reason once that several branches have, and names what is never sent', () => {
    const lab = one(
      [
        {
          kind: 'bridge',
          vlan_filtering: true,
          ends: [
            { port: 'a:eth1', pvid: 10 },
            { port: 'b:eth1', pvid: 20 },
            { port: 'c:eth1', pvid: 20 },
            { port: 'd:eth1', pvid: 10 },
          ],
        },
      ],
      {
        a: { kind: 'netns', addresses: { eth1: '10.0.0.1/24' } },
        b: { kind: 'netns', addresses: { eth1: '10.0.0.2/24' } },
        c: { kind: 'netns' },
        d: { kind: 'netns' },
      },
    );
    const text = walked(lab, { from: 'a', to: 'b', probe: 'icmp' }).text(80);
    expect(text).toContain('It dies at a:eth1-b:eth1 bridge.');
    expect(text).toContain('✗ c:eth1 veth for the same reason');
    expect(text).toContain('✓ d:eth1 veth > d:eth1');
    expect(text).toContain('Never sent: ARP reply, echo request, echo reply.');
    const open = walked(lab, { from: 'a', frame: 'arp-request' }).text(80);
    expect(open).toContain('1 device hears it:');
    expect(open.match(/^ {2}\[\d\]/gm)).toEqual(['  [1]']);
  });

  it('tells a question that nobody answers from one that a stack keeps silent about', () => {
    const lab = one([{ kind: 'veth', ends: ['a:eth1', 'b:eth1'] }], {
      a: { kind: 'netns', addresses: { eth1: '10.0.0.1/24' } },
      b: {
        kind: 'netns',
        addresses: { eth1: '10.0.0.2/24' },
        sysctls: { 'net.ipv4.conf.all.arp_ignore': 8 },
      },
    });
    const text = walked(lab, { from: 'a', to: 'b', probe: 'arp' }).text(80);
    expect(text).toContain('(ARP request) a:eth1 > b:eth1');
    expect(text).toContain('It dies at b stack.');
    const far = one([{ kind: 'veth', ends: ['a:eth1', 'b:eth1'] }], {
      a: {
        kind: 'netns',
        addresses: { eth1: '10.0.0.1/24' },
        routes: [{ to: 'default', via: '10.0.0.9' }],
      },
      b: { kind: 'netns', addresses: { eth1: '10.0.9.2/24' } },
    });
    const unanswered = walked(far, { from: 'a', to: 'b', probe: 'icmp' }).text(80);
    expect(unanswered).toMatch(/✓ a:eth1\n {2}✓ b:eth1\n {2}Nobody answers\./);
    expect(unanswered).toContain('asks for 10.0.0.9');
  });

  it('tells a loop, and goes round it once', () => {
    const bridge: LabDefinition['nodes'][string] = {
      kind: 'netns',
      devices: [{ kind: 'bridge', name: 'br0', members: ['p', 'q'] }],
    };
    const lab: LabDefinition = {
      ...one(
        [
          { kind: 'veth', ends: ['s1:p', 's2:p'] },
          { kind: 'veth', ends: ['s1:q', 's2:q'] },
        ],
        { s1: bridge, s2: bridge },
      ),
      allow_loops: true,
    };
    const text = walked(lab, { from: 's1:br0', to: 's2:br0', frame: 'arp-request' }).text(80);
    expect(text).toContain('it goes round for ever');
    expect(text.split('\n').length).toBeLessThan(30);
  });
});
