import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  altName,
  deviceName,
  macAddress,
  numbersFor,
  udpPorts,
  uuid,
} from '../../../src/plan/names.js';

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

describe('a name that people can read', () => {
  it('has dots where a port has colons', () => {
    expect(altName('lab', 'sw1:eth1', 'tap')).toBe('lab.sw1.eth1.tap');
    expect(altName('lab', 'a:eth1-b:eth1', 'lower')).toBe('lab.a.eth1-b.eth1.lower');
  });

  it('is no longer than the kernel takes, and then still another one for another place', () => {
    const long = (last: string): string => `${'n'.repeat(31)}:${'d'.repeat(15)}-${last}`;
    const [one, other] = ['x', 'y'].map((letter) =>
      altName('l'.repeat(31), long(`${'m'.repeat(31)}:${letter.repeat(15)}`), 'lower'),
    );
    expect([one?.length, other?.length]).toEqual([127, 127]);
    expect(one).not.toBe(other);
    expect(one).toMatch(/\.lower$/);
  });
});

describe('numbers for names', () => {
  const names = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 40 });

  it('are within their range, no two alike, and the same in whatever order', () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 40, max: 65279 }), (all, most) => {
        const [one, other] = [numbersFor(all, most), numbersFor(all.toReversed(), most)];
        const numbers = all.map(one);
        expect(numbers).toEqual(all.map(other));
        expect(new Set(numbers).size).toBe(all.length);
        for (const number of numbers) expect([number >= 1, number <= most]).toEqual([true, true]);
      }),
    );
  });

  it('are those that each name gets alone, unless two would get the same', () => {
    fc.assert(
      fc.property(names, (all) => {
        const alone = all.map((name) => numbersFor([name], 65279)(name));
        fc.pre(new Set(alone).size === all.length);
        expect(all.map(numbersFor(all, 65279))).toEqual(alone);
      }),
    );
  });

  it('are all taken where there are as many names', () => {
    const all = ['a', 'b', 'c', 'd', 'e'];
    expect(all.map(numbersFor(all, 5)).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(() => numbersFor(all, 4)).toThrow('5 names for 4 numbers');
  });
});
