import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceName, macAddress, udpPorts, uuid } from '../../../src/plan/names.js';

describe('derived names', () => {
  it('fit the kernel and the standards, whatever they are derived from', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (lab, place) => {
        expect(deviceName('macvtap'.slice(0, 2), lab, place)).toMatch(/^[a-z][a-z0-9]{1,14}$/);
        // Locally administered, unicast.
        expect(Number.parseInt(macAddress(lab, place).slice(0, 2), 16) & 3).toBe(2);
        expect(uuid(lab, place)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        const [near, far] = udpPorts(lab, place);
        expect(far).toBe(near + 1);
        expect(near).toBeGreaterThanOrEqual(16384);
        expect(far).toBeLessThan(32768);
      }),
    );
  });

  it('are the same in every run, and differ between labs, places and roles', () => {
    expect(deviceName('mt', 'lab', 'sw1:eth1')).toBe(deviceName('mt', 'lab', 'sw1:eth1'));
    const names = [
      deviceName('mt', 'lab', 'sw1:eth1'),
      deviceName('mt', 'lab2', 'sw1:eth1'),
      deviceName('mt', 'lab', 'sw1:eth2'),
      deviceName('ve', 'lab', 'sw1:eth1'),
    ];
    expect(new Set(names.map((name) => name.slice(2))).size).toBe(4);
  });

  it('keep parts apart: what is joined differently is named differently', () => {
    expect(macAddress('ab', 'c')).not.toBe(macAddress('a', 'bc'));
  });
});
