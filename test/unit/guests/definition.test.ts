import { describe, expect, it } from 'vitest';
import { guestPaths } from '../../../src/guests/cache.js';
import { keyOf, loadDefinition, type GuestFile } from '../../../src/guests/definition.js';

describe('loadDefinition', () => {
  it('reads the template mini, with its init and the files that go in', async () => {
    const mini = await loadDefinition('mini');
    expect(mini.kernel).toBe('linux-image-cloud-amd64');
    expect(mini.programs).toContain('/usr/sbin/qemu-ga');
    expect(mini.files.find(({ path }) => path === '/init')?.mode).toBe(0o755);
    expect(mini.files.find(({ path }) => path === '/etc/passwd')?.mode).toBe(0o644);
    expect(mini.files.map(({ path }) => path)).not.toContain('/guest.yaml');
  });

  it('has a console, and keeps the PCI setup to ACPI: without it this kernel has no MSI', async () => {
    const { kernelArgs } = await loadDefinition('mini');
    expect(kernelArgs).toContain('console=ttyS0');
    expect(kernelArgs.filter((arg) => /^(pci=noacpi|acpi=(off|noirq))$/.test(arg))).toEqual([]);
  });

  it('adds a template to the one that it is based on', async () => {
    const [mini, both] = [await loadDefinition('mini'), await loadDefinition('switch')];
    expect(both).toMatchObject({
      name: 'switch',
      kernel: mini.kernel,
      kernelArgs: mini.kernelArgs,
    });
    expect(both.title).not.toBe(mini.title);
    expect(both.programs.filter((path) => !mini.programs.includes(path))).toContain(
      '/usr/bin/ovs-vsctl',
    );
    expect(both.programs).toEqual(expect.arrayContaining([...mini.programs]));
    expect(both.modules.flat()).toEqual(expect.arrayContaining(['openvswitch', 'virtio_net']));
    const names = both.files.map(({ path }) => path);
    expect(names.filter((path) => path === '/init')).toHaveLength(1);
    expect(names).toContain('/usr/lib/patchlab/start/open-vswitch');
    expect(both.key).not.toBe(mini.key);
  });

  it.each(['none-such', '../guests/mini', 'mini/', ''])('refuses the name %j', async (name) => {
    await expect(loadDefinition(name)).rejects.toMatchObject({
      code: 'guest/unknown',
      fix: 'Use one of: kinds, mini, switch.',
    });
  });
});

const file: GuestFile = { path: '/a', mode: 0o644, bytes: Buffer.from('text') };

describe('the key', () => {
  it.each<[string, readonly GuestFile[]]>([
    ['the content of a file', [{ ...file, bytes: Buffer.from('texT') }]],
    ['the name of a file', [{ ...file, path: '/b' }]],
    ['whether a file is a program', [{ ...file, mode: 0o755 }]],
    ['one more file', [file, { ...file, path: '/b' }]],
    [
      'where one file ends and the next begins',
      [{ ...file, path: '/at', bytes: Buffer.from('ext') }],
    ],
  ])('depends on %s', (_what, tree) => {
    expect(keyOf(tree)).not.toBe(keyOf([file]));
  });

  it('is made of twelve hexadecimal digits, and the same every time', async () => {
    const [{ key }, again] = await Promise.all([loadDefinition('mini'), loadDefinition('mini')]);
    expect(key).toMatch(/^[0-9a-f]{12}$/);
    expect(again.key).toBe(key);
  });

  it('names the folder of the image, which need not be built', async () => {
    const { key, name, kernel, initrd } = await guestPaths('mini');
    expect(kernel).toMatch(new RegExp(`/guests/${name}-${key}/vmlinuz$`));
    expect(initrd).toMatch(new RegExp(`/guests/${name}-${key}/initrd$`));
  });
});
