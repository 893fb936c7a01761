import { describe, expect, it } from 'vitest';
import { Unread, type DeviceRow, type Look } from '../../../src/plan/resources/look.js';
import { device } from '../../../src/plan/resources/kinds/device.js';

/** A device of a node: changed in place where that can be, and read back as ip-link(8) shows it. */

const where = { machine: 'local', inside: 'sw1' };
const home = { ...where, netns: 'c1' };
const wanted = {
  ...{ device: 'v10', lower: 'eth1', home, kind: 'vlan' },
  options: { protocol: '802.1Q', id: '10', 'egress-qos-map': '0:5 1:6' },
};
const resource = device.of({ id: 'v', lane: 'sw1', where, wanted, in: [], why: '' });
const change = (more: object) => device.change?.(wanted, { ...wanted, ...more }, resource);

const row: DeviceRow = {
  ...{ ifname: 'v10', flags: [], mtu: 1400, address: '02:00:00:00:00:01', addr_info: [] },
  linkinfo: {
    info_kind: 'vlan',
    info_data: {
      ...{ protocol: '802.1Q', id: 10, flags: ['REORDER_HDR'] },
      egress_qos: [
        { from: 1, to: 6 },
        { from: 0, to: 5 },
      ],
    },
  },
};
/** Answers for one place alone. */
const look = (rows: readonly DeviceRow[]): Look =>
  ((place: typeof home) => (place.netns === 'c1' ? rows : new Unread('elsewhere'))) as Look;

describe('a device on another one', () => {
  it('is made where the device below is, in the namespace of its own', () => {
    const [act] = device.make(wanted, resource);
    expect(act?.do).toEqual({
      tool: 'ip',
      args: 'link add link eth1 name v10 netns c1 type vlan protocol 802.1Q id 10 egress-qos-map 0:5 1:6'.split(
        ' ',
      ),
    });
    expect(device.remove?.(wanted, resource)?.[0]?.where).toEqual(home);
  });

  it('gets another MTU and MAC in place, and is made anew for all else', () => {
    expect(change({ mtu: 1400, mac: '02:00:00:00:00:02' })).toMatchObject([
      { where: home, do: { args: ['link', 'set', 'dev', 'v10', 'address', '02:00:00:00:00:02'] } },
      { where: home, do: { args: ['link', 'set', 'dev', 'v10', 'mtu', '1400'] } },
    ]);
    for (const more of [{ lower: 'eth2' }, { home: where }, { options: { id: '11' } }])
      expect(change(more)).toEqual(expect.any(String));
  });

  it('is read as it is: what nobody has set is not compared', () => {
    expect(device.read?.(wanted, look([row]), resource)).toEqual(wanted);
    expect(device.read?.({ ...wanted, mtu: 1500 }, look([row]), resource)).toMatchObject({
      mtu: 1400,
    });
    const other = { ...row, linkinfo: { info_kind: 'vlan', info_data: { id: 11 } } };
    expect(device.read?.(wanted, look([other]), resource)).toMatchObject({ options: { id: '11' } });
    expect(device.read?.(wanted, look([]), resource)).toBeUndefined();
  });
});
