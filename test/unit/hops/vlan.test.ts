import { describe, expect, it } from 'vitest';
import { joinFragments } from '../../../src/hops/graph.js';
import { modelOf } from '../../../src/hops/model.js';
import { lowerEdge, portEdge, wireEdge, type HopEdge } from '../../../src/hops/types.js';
import { deliveriesOf, walk } from '../../../src/hops/walk.js';
import { bridgeWith, frame, hop } from '../../support/model.js';

/** Who gets what a device with VLAN devices on it receives. */

const tag = (id: number, tpid = 0x8100) => ({ tag: { id, tpid, priority: 0 }, lower: 'b' });
const HOPS = [
  hop('a', 'veth'),
  hop('b', 'veth'),
  hop('v10', 'vlan', tag(10)),
  hop('v20', 'vlan', tag(20)),
  hop('s10', 'vlan', tag(10, 0x88a8)),
  hop('br', 'bridge', bridgeWith({}, { b: {} })),
];
const EDGES = [wireEdge('a', 'b'), ...['v10', 'v20', 's10'].map((id) => lowerEdge(id, 'b'))];

/** The devices whose stacks take a frame that the peer sends, with the tags that it still has. */
function heard(edges: readonly HopEdge[], vlan?: number): readonly string[] {
  const model = modelOf(joinFragments([{ hops: HOPS, edges }]));
  const sent = frame('arp-request', '02:00:00:00:00:01', 'ff:ff:ff:ff:ff:ff', { vlan });
  return deliveriesOf(walk(model, model.graph.place('a').hop, sent)).map(
    ({ device, way }) => `${device.id} ${way.frames.at(-1)?.vlans.length}`,
  );
}

describe('a VLAN device', () => {
  it.each([
    ['without a tag', undefined, ['b 0']],
    ['of VLAN 10', 10, ['v10 0']],
    ['of VLAN 20', 20, ['v20 0']],
    ['of a VLAN that nobody has', 30, ['b 1']],
  ])('is alone in getting what has its tag: a frame %s', (_, vlan, expected) => {
    expect(heard(EDGES, vlan)).toEqual(expected);
  });

  it('gets it before the bridge that its lower device is a port of', () => {
    const edges = [...EDGES, portEdge('b', 'br')];
    expect([heard(edges, 10), heard(edges, 30)]).toEqual([['v10 0'], ['br 1']]);
  });

  it('gets what comes to a bridge that it stands on', () => {
    const edges = [wireEdge('a', 'b'), portEdge('b', 'br'), lowerEdge('v10', 'br')];
    const hops = HOPS.map((one) =>
      one.id === 'v10' ? hop('v10', 'vlan', { ...tag(10), lower: 'br' }) : one,
    );
    const model = modelOf(joinFragments([{ hops, edges }]));
    const sent = frame('arp-request', '02:00:00:00:00:01', 'ff:ff:ff:ff:ff:ff', { vlan: 10 });
    const all = deliveriesOf(walk(model, model.graph.place('a').hop, sent));
    expect(all.map(({ device }) => device.id)).toEqual(['v10']);
  });
});
