import { describe, expect, it } from 'vitest';
import { bridgeSettings } from '../../../src/devices/bridge-model.js';
import {
  bridgePort,
  bridgePortOptions,
  plainBridge,
  type BridgePortSpec,
} from '../../../src/devices/bridge-options.js';
import { LOCAL } from '../../../src/plan/step.js';
import { bridgePort as member } from '../../../src/plan/resources/kinds/bridge-port.js';
import type { DeviceState } from '../../../src/hops/device.js';
import { bridge } from '../../../src/hops/kinds/bridge.js';
import type { Hop } from '../../../src/hops/types.js';

const filters = { ...plainBridge, vlan_filtering: true };
const port = (spec: Partial<BridgePortSpec>): BridgePortSpec => ({ ...bridgePort, ...spec });

/** What bridge(8) keeps of a port after commands: each VLAN with its flags. A VLAN that is added again loses those it had. */
function vlansAfter(spec: Partial<BridgePortSpec>): Readonly<Record<string, string>> {
  const vlans = new Map([['1', 'pvid untagged']]);
  const wanted = { bridge: 'br0', device: 'p', ...bridgePortOptions(filters, port(spec)) };
  const resource = member.of({ id: '', where: LOCAL, lane: '', wanted, in: [], why: '' });
  for (const { do: command } of member.make(wanted, resource)) {
    if (command.tool !== 'exec') continue;
    const [, , verb, , , , id = '', ...flags] = command.argv;
    if (verb === 'del') vlans.delete(id);
    else vlans.set(id, flags.join(' '));
  }
  return Object.fromEntries(vlans);
}

describe('the VLANs of a port', () => {
  it.each<[Partial<BridgePortSpec>, Readonly<Record<string, string>>]>([
    [{}, { 1: 'pvid untagged' }],
    [{ vlans: [1, 10] }, { 1: 'pvid untagged', 10: '' }],
    [{ pvid: 226 }, { 226: 'pvid untagged' }],
    [
      { pvid: 226, vlans: [226, 227] },
      { 226: 'pvid untagged', 227: '' },
    ],
    [
      { pvid: 226, vlans: [1, 226, 226] },
      { 1: '', 226: 'pvid untagged' },
    ],
    [{ pvid: 0, vlans: [7] }, { 7: '' }],
  ])('%j are %j', (spec, expected) => {
    expect(vlansAfter(spec)).toEqual(expected);
  });

  const settings = (spec: Partial<BridgePortSpec>) =>
    bridgeSettings('02:00:00:00:00:01', filters, [['p', port(spec)]]);

  it('are the same to the model, whether the PVID is listed or not', () => {
    expect(settings({ pvid: 226, vlans: [227, 226] })).toEqual(
      settings({ pvid: 226, vlans: [227] }),
    );
  });

  const hop = (spec: Partial<BridgePortSpec>): Hop => ({
    ...{ id: 'br', kind: 'bridge', stack: 's', device: 'br0', label: 's:br0' },
    where: { machine: 'local' },
    settings: settings(spec),
  });
  const state = (vlans: DeviceState['vlans']): DeviceState => ({
    ...{ ifname: 'p', flags: ['UP'], mtu: 1500, address: '02:00:00:00:00:02', addr_info: [] },
    ...(vlans && { vlans }),
  });
  const read = (vlans: DeviceState['vlans']) =>
    bridge.actual?.(
      hop({ pvid: 226, vlans: [227] }),
      state(undefined),
      new Map([['p', state(vlans)]]),
    );

  it('are read back from what the bridge has', () => {
    expect(
      read([
        { vlan: 5, vlanEnd: 7 },
        { vlan: 226, flags: ['PVID', 'Egress Untagged'] },
      ]),
    ).toMatchObject({ ports: { p: { pvid: 226, tagged: [5, 6, 7] } } });
    expect(read([{ vlan: 226 }, { vlan: 227 }])).toMatchObject({
      ports: { p: { pvid: 0, tagged: [226, 227] } },
    });
  });

  it('are those of the plan where the kernel shows none', () => {
    expect(read(undefined)).toMatchObject({ ports: { p: { pvid: 226, tagged: [227] } } });
  });
});
