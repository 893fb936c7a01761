import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayReadWrite } from '../../../src/apply/doctor/kvm-permission.js';

const KVM = 110;
const libvirtQemu = { uid: 64055, gids: [64055, KVM] };

describe('mayReadWrite', () => {
  it.each([
    ['the device as the kernel makes it', { mode: 0o20600, uid: 0, gid: 0 }, false],
    ['the device as the udev rule of Debian leaves it', { mode: 0o20660, uid: 0, gid: KVM }, true],
    ['a group that the user is not in', { mode: 0o20660, uid: 0, gid: 5 }, false],
    ['a device for everybody', { mode: 0o20666, uid: 0, gid: 0 }, true],
    ['a group that may only read', { mode: 0o20640, uid: 0, gid: KVM }, false],
    ['a group that may do less than others', { mode: 0o20606, uid: 0, gid: KVM }, false],
    ['an owner that may do less than others', { mode: 0o20066, uid: 64055, gid: KVM }, false],
    ['an owner', { mode: 0o20600, uid: 64055, gid: 0 }, true],
  ])('judges %s', (_title, device, expected) => {
    expect(mayReadWrite(device, libvirtQemu)).toBe(expected);
  });

  it('lets root do everything', () => {
    expect(mayReadWrite({ mode: 0o20000, uid: 5, gid: 5 }, { uid: 0, gids: [0] })).toBe(true);
  });

  it('asks exactly one of the three classes', () => {
    const bits = fc.integer({ min: 0, max: 7 });
    fc.assert(
      fc.property(
        bits,
        bits,
        bits,
        fc.boolean(),
        fc.boolean(),
        (owner, group, other, owns, in_) => {
          const mode = owner * 64 + group * 8 + other;
          const file = { mode, uid: owns ? libvirtQemu.uid : 1, gid: in_ ? KVM : 1 };
          const decisive = owns ? owner : in_ ? group : other;
          expect(mayReadWrite(file, libvirtQemu)).toBe(decisive >= 6);
        },
      ),
    );
  });
});
