import { describe, expect, it } from 'vitest';
import { formatBytes } from '../../../src/apply/doctor/bytes.js';
import { libvirtFault } from '../../../src/apply/doctor/libvirt.js';
import { memAvailable } from '../../../src/apply/doctor/memory.js';
import { parseQemuConf } from '../../../src/apply/doctor/qemu-conf.js';

describe('libvirtFault', () => {
  // As virsh 9.0 printed them.
  it.each([
    ["error: Failed to connect socket to '/nonexist': No such file or directory", 'not-running'],
    [
      "error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Connection refused",
      'not-running',
    ],
    [
      "error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied",
      'no-permission',
    ],
    [
      'error: internal error: Unable to get system bus connection: Could not connect: No such file or directory',
      'no-permission',
    ],
    [
      "error: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'",
      'no-permission',
    ],
    ['error: no connection driver available for nonsense:///', 'other'],
  ])('%s: %s', (message, fault) => {
    expect(libvirtFault(message)).toBe(fault);
  });
});

describe('parseQemuConf', () => {
  it('gives the defaults where everything is a comment, as it is installed', () => {
    const text = '#user = "libvirt-qemu"\n# The group\n#group = "kvm"\n#stdio_handler = "logd"\n';
    expect(parseQemuConf(text)).toEqual({
      user: 'libvirt-qemu',
      group: 'libvirt-qemu',
      logd: true,
    });
  });

  it('reads what is set, with and without quotes and comments', () => {
    const text = ' user = "qemu"   # ours\ngroup=+107\nuser_x = "no"\nstdio_handler = "file"\n';
    expect(parseQemuConf(text)).toEqual({ user: 'qemu', group: '+107', logd: false });
  });
});

describe('memAvailable', () => {
  it('finds the line and its unit', () => {
    expect(memAvailable('MemTotal: 9 kB\nMemAvailable:   2048 kB\nBuffers: 1 kB\n')).toBe(2097152);
  });
  it('does not take another line for it', () => {
    expect(memAvailable('MemTotal: 9 kB\nMemFree: 9 kB\n')).toBeUndefined();
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536 * 1024, '1.5 MiB'],
    [3 * 1024 ** 3, '3 GiB'],
    [5000 * 1024 ** 4, '5000 TiB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});
