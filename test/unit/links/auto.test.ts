import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FRAME_CLASSES, type FrameClass } from '../../../src/frames/classes.js';
import { chooseLink, settingsOf, type OpenEnd } from '../../../src/links/kinds/auto.js';
import { bridge } from '../../../src/links/kinds/bridge.js';
import type { LinkKind } from '../../../src/links/define.js';
import { linkKinds } from '../../../src/links/index.js';
import { udp } from '../../../src/links/kinds/udp.js';
import { portHop } from '../../../src/plan/wire.js';
import { nodeKind } from '../../../src/topology/kinds.js';
import type { Lab } from '../../../src/topology/lab.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { moduleSource } from '../../../src/topology/source.js';
import { TopologyError } from '../../../src/topology/topology-error.js';

type Kinds = readonly [string, string];

const parse = ([a, b]: Kinds, link: object): Lab => {
  const value = {
    name: 'two',
    nodes: { a: { kind: a }, b: { kind: b } },
    links: [link],
    verify: [],
  };
  return parseTopology({ source: moduleSource('test'), value, problems: [] }).lab;
};
const auto = (kinds: Kinds, carries: readonly FrameClass[]) =>
  parse(kinds, { kind: 'auto', ends: ['a:x', 'b:x'], ...(carries.length > 0 && { carries }) })
    .links[0];

/** The same cable written by hand. */
function written(kind: string, settings: object): object {
  const descriptor: LinkKind | undefined = linkKinds.find((candidate) => candidate.kind === kind);
  const ends = descriptor?.variants?.between?.('a:x', 'b:x') ?? { ends: ['a:x', 'b:x'] };
  return { kind, ...ends, ...settings };
}

const variantOf = (kind: string, name: string): object => {
  const descriptor: LinkKind | undefined = linkKinds.find((candidate) => candidate.kind === kind);
  return descriptor ? settingsOf(descriptor, name) : {};
};

const classes = fc.subarray(FRAME_CLASSES.filter((name) => name !== 'over-mtu'));
const nodes = fc.constantFrom<Kinds[]>(['vm', 'vm'], ['vm', 'netns'], ['netns', 'netns']);

describe('auto', () => {
  it('takes a cable that carries what is asked, and passed over only what does not', () => {
    fc.assert(
      fc.property(nodes, classes, (kinds, carries) => {
        const choice = auto(kinds, carries)?.choice;
        if (!choice) throw new Error('nothing was chosen');
        const asked = carries.length === 0 ? {} : { carries };
        const same = written(choice.kind, { ...choice.settings, ...asked });
        expect(parse(kinds, same).links[0]?.kind).toBe(choice.kind);
        for (const { kind, variant } of choice.passedOver)
          expect(() =>
            parse(kinds, written(kind, { ...variantOf(kind, variant), ...asked })),
          ).toThrow(TopologyError);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    [['netns', 'netns'], ['lldp', 'pause'], 'veth', 'plain'],
    [['vm', 'vm'], ['arp-reply'], 'macvtap', 'vepa'],
    [['vm', 'netns'], ['lldp'], 'macvtap', 'vepa allmulticast'],
    [['vm', 'vm'], ['unicast-foreign'], 'macvtap', 'passthru'],
    [['vm', 'vm'], ['unicast-foreign', 'mdns'], 'macvtap', 'passthru allmulticast'],
  ] as const)('between %j carries %j with %s, %s', (kinds, carries, kind, variant) => {
    expect(auto(kinds, carries)?.choice).toMatchObject({ kind, variant, carries });
  });

  it('is the kind that it has become in everything that follows', () => {
    const link = auto(['netns', 'netns'], []);
    expect(link).toMatchObject({ kind: 'veth', ends: [{ via: 'netdev' }, { via: 'netdev' }] });
    expect(link?.spec).toEqual({ kind: 'veth', ends: ['a:x', 'b:x'], down: [] });
  });

  it('tries variants that the kind has', () => {
    for (const { auto: tried, variants, kind } of linkKinds as readonly LinkKind[])
      for (const name of tried?.tries ?? [])
        expect([kind, 'plain', ...Object.keys(variants?.settings ?? {})]).toContain(name);
  });

  it('says what was tried where nothing fits', () => {
    const lab = parse(['netns', 'netns'], written('veth', {}));
    const ends = lab.nodes.map((node): OpenEnd => {
      const [port, stack] = [node.ports[0]!, node.stacks[0]!];
      return {
        port,
        stack,
        node,
        hop: portHop(lab, node, port),
        accepts: nodeKind(node.kind).accepts,
      };
    }) as [OpenEnd, OpenEnd];
    const wanted = { id: 'cable', ends, carries: ['lldp', 'pause'], lab } as const;
    const tried = chooseLink(wanted, [bridge, udp] as readonly LinkKind[]);
    expect(tried).toEqual([
      { kind: 'udp', variant: 'plain', why: 'It cannot end in a, which is a netns.' },
      {
        kind: 'bridge',
        variant: 'plain',
        why: expect.stringMatching(
          /lldp, pause.*lldp from a:x to b:x dies at cable bridge/,
        ) as string,
      },
      // Another mask is no other reason.
      {
        kind: 'bridge',
        variant: 'mask 0x4000',
        why: expect.stringMatching(/^pause from a:x/) as string,
      },
    ]);
  });
});
