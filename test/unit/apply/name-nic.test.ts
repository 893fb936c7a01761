import { describe, expect, it } from 'vitest';
import type { IpDevice } from '../../../src/apply/ip-devices.js';
import { namingOf } from '../../../src/apply/name-nic.js';

const MAC = '02:00:00:00:00:09';
const OTHER = '02:00:00:00:00:0a';

const device = (ifname: string, address: string, more: Partial<IpDevice> = {}): IpDevice => ({
  ...{ ifname, address, flags: [], mtu: 1500, addr_info: [] },
  ...more,
});
const UP = { flags: ['BROADCAST', 'UP'] };

/** The commands as lines. */
const lines = (devices: readonly IpDevice[], name = 'eth1') =>
  namingOf(devices, MAC, name)?.map((args) => args.join(' '));

describe('the commands that name a NIC', () => {
  it('are none where it has the name, and nothing is said of a NIC that is not there', () => {
    expect(lines([device('eth1', MAC, UP)])).toEqual([]);
    expect(lines([device('eth1', OTHER)])).toBeUndefined();
  });

  it('take it down while it is renamed, if it is up', () => {
    expect(lines([device('eth0', MAC)])).toEqual(['link set dev eth0 name eth1']);
    expect(lines([device('eth0', MAC, UP)])).toEqual([
      'link set dev eth0 down',
      'link set dev eth0 name eth1',
      'link set dev eth1 up',
    ]);
  });

  it('find it by the address that it was made with, and never take what was made on top of it', () => {
    const upper = device('br0', MAC, { linkinfo: { info_kind: 'bridge' } });
    const member = device('eth0', OTHER, { permaddr: MAC, linkinfo: { info_slave_data: {} } });
    expect(lines([upper, member])).toEqual(['link set dev eth0 name eth1']);
    expect(lines([upper])).toBeUndefined();
  });

  it('make another NIC give way, which stays as up as it was', () => {
    expect(lines([device('eth1', OTHER, UP), device('eth2', MAC)])).toEqual([
      'link set dev eth1 down',
      'link set dev eth1 name pl.02000000000a',
      'link set dev pl.02000000000a up',
      'link set dev eth2 name eth1',
    ]);
  });

  it('take the name from the other names of a device', () => {
    const named = device('ens3', MAC, { altnames: ['enp0s3', 'eth1'] });
    expect(lines([named])).toEqual([
      'link property del dev ens3 altname eth1',
      'link set dev ens3 name eth1',
    ]);
  });

  it('are refused where the name belongs to what is no NIC', () => {
    const bridge = device('eth1', OTHER, { linkinfo: { info_kind: 'bridge' } });
    expect(() => lines([device('eth0', MAC), bridge])).toThrow(
      expect.objectContaining({
        code: 'guest/nic',
        why: expect.stringContaining('bridge') as string,
      }),
    );
  });
});
