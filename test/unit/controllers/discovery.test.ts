import { describe, expect, it } from 'vitest';
import { predictDiscovery } from '../../../src/controllers/discovery.js';
import { controllerKind, controllerKinds } from '../../../src/controllers/index.js';
import { switchesIn } from '../../../src/controllers/switches.js';
import { wire } from '../../../src/plan/wire.js';
import { FACTS, labOf } from '../../support/lab-of.js';

/** Which links each kind of controller sees over each kind of link, from the file alone. */

const guest = { kind: 'vm', guest: 'switch' };
const bridge = (ports: readonly object[] | readonly string[], more: object = {}) => ({
  ...{ kind: 'ovs', name: 'of', ports, fail_mode: 'secure' },
  ...{ controllers: ['tcp:10.9.0.1:6653'], ...more },
});

/** Two switches with a link between them. */
const two = (link: object, port: object = {}) => ({
  name: 'two',
  nodes: {
    sw1: { ...guest, devices: [bridge([{ port: 'eth1', ...port }])] },
    sw2: { ...guest, devices: [bridge(['eth1'])] },
  },
  links: [{ ...link, ends: ['sw1:eth1', 'sw2:eth1'] }],
});

function predicted(definition: object, kind: string) {
  const lab = labOf(definition as never);
  const { model } = wire(lab, FACTS);
  const links = predictDiscovery(lab, model, controllerKind(kind), switchesIn(model.graph));
  return links.map(({ from, to, outcome, at, isCable }) => ({
    way: `${from.label} > ${to.label}`,
    ...{ outcome, at: at?.label, isCable },
  }));
}

/** What each controller sees of a link, both ways alike. */
function seenBy(definition: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    controllerKinds.map(({ kind }) => {
      const found = predicted(definition, kind).map(({ outcome, at = '' }) =>
        outcome === 'seen' ? outcome : `${outcome} at ${at.replace(/^sw\d:\S+ /, '')}`,
      );
      return [kind, [...new Set(found)].join(', ')];
    }),
  );
}

const all = (what: string) => Object.fromEntries(controllerKinds.map(({ kind }) => [kind, what]));

describe('the links that controllers see', () => {
  it('are those over a cable that carries everything', () => {
    expect(seenBy(two({ kind: 'udp' }))).toEqual(all('seen'));
    expect(seenBy(two({ kind: 'macvtap', mode: 'passthru', promisc: true }))).toEqual(all('seen'));
  });

  it('depend on the address that they discover with, where a bridge is between them', () => {
    const end = 'bridge';
    expect(seenBy(two({ kind: 'bridge' }))).toEqual({
      ...{ 'os-ken': `unseen at ${end}`, faucet: `unseen at ${end}` },
      ...{ onos: 'seen', odl: 'seen', pox: 'seen' },
    });
    expect(seenBy(two({ kind: 'bridge', group_fwd_mask: 0x4000 }))).toEqual(all('seen'));
  });

  it('are filtered by a macvtap that is not told to hear groups, but for a broadcast', () => {
    const { onos, ...others } = seenBy(two({ kind: 'macvtap', mode: 'vepa' }));
    expect(onos).toBe('seen');
    for (const what of Object.values(others)) expect(what).toBe('random at macvtap');
  });

  it('are lost where a port speaks LLDP itself, but for what is no LLDP', () => {
    const links = predicted(two({ kind: 'udp' }, { lldp: true }), 'os-ken');
    expect(links.map(({ way, outcome, at }) => [way, outcome, at])).toEqual([
      ['sw1:eth1 > sw2:eth1', 'seen', undefined],
      ['sw2:eth1 > sw1:eth1', 'unseen', 'sw1:eth1'],
    ]);
    expect(seenBy(two({ kind: 'udp' }, { lldp: true }))['onos']).toBe('seen');
  });

  it('are those that lead through a switch of nobody, too, where that hands the frames on', () => {
    const through = (forward: boolean) => ({
      name: 'through',
      nodes: {
        ...two({}).nodes,
        mid: {
          kind: 'vm',
          guest: 'switch',
          devices: [
            {
              kind: 'bridge',
              name: 'br0',
              members: ['eth1', 'eth2'],
              ...(forward && { group_fwd_mask: 0x4000 }),
            },
          ],
        },
      },
      links: [
        { kind: 'udp', ends: ['sw1:eth1', 'mid:eth1'] },
        { kind: 'udp', ends: ['mid:eth2', 'sw2:eth1'] },
      ],
    });
    expect(predicted(through(false), 'os-ken')).toEqual([]);
    const links = predicted(through(true), 'os-ken');
    expect(links).toEqual([
      { way: 'sw1:eth1 > sw2:eth1', outcome: 'seen', at: undefined, isCable: false },
      { way: 'sw2:eth1 > sw1:eth1', outcome: 'seen', at: undefined, isCable: false },
    ]);
    expect(predicted(through(false), 'pox').map(({ isCable }) => isCable)).toEqual([false, false]);
  });

  it('are none between two ports of one switch for os-ken, and two for others', () => {
    const loop = {
      name: 'loop',
      nodes: { sw1: { ...guest, devices: [bridge(['eth1', 'eth2'])] } },
      links: [{ kind: 'udp', ends: ['sw1:eth1', 'sw1:eth2'] }],
    };
    expect(predicted(loop, 'os-ken')).toEqual([]);
    expect(predicted(loop, 'pox').map(({ outcome }) => outcome)).toEqual(['seen', 'seen']);
  });

  it('end at the next switch that has a controller', () => {
    const chain = {
      name: 'chain',
      nodes: {
        ...two({}).nodes,
        sw3: { ...guest, devices: [bridge(['eth1', 'eth2'])] },
      },
      links: [
        { kind: 'udp', ends: ['sw1:eth1', 'sw3:eth1'] },
        { kind: 'udp', ends: ['sw3:eth2', 'sw2:eth1'] },
      ],
    };
    for (const { kind } of controllerKinds)
      expect(predicted(chain, kind).map(({ way }) => way)).toEqual([
        'sw1:eth1 > sw3:eth1',
        'sw3:eth1 > sw1:eth1',
        'sw3:eth2 > sw2:eth1',
        'sw2:eth1 > sw3:eth2',
      ]);
  });
});
