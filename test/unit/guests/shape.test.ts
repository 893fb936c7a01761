import { describe, expect, it } from 'vitest';
import { identityScript } from '../../../src/guests/identity.js';
import { onMemoryFile, shapeKey, type Shape } from '../../../src/guests/shape.js';

const shape: Shape = {
  image: 'a'.repeat(64),
  kernelArgs: ['console=ttyS0', 'quiet'],
  accelerator: 'tcg',
  machine: 'pc',
  cpu: undefined,
  memoryMiB: 256,
  vcpus: 1,
  nics: 2,
  versions: ['QEMU emulator version 7.2.22', 'libvirtd (libvirt) 9.0.0'],
};

describe('shapeKey', () => {
  it('is the same for the same facts, in whatever order they are written', () => {
    const backwards = Object.fromEntries(Object.entries(shape).reverse()) as unknown as Shape;
    expect(shapeKey(backwards)).toBe(shapeKey(shape));
    expect(shapeKey(shape)).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each<Partial<Shape>>([
    { image: 'b'.repeat(64) },
    { kernelArgs: ['console=ttyS0 quiet'] },
    { kernelArgs: ['quiet', 'console=ttyS0'] },
    { accelerator: 'kvm' },
    { machine: 'q35' },
    { cpu: 'qemu64' },
    { memoryMiB: 257 },
    { vcpus: 2 },
    { nics: 3 },
    { versions: ['QEMU emulator version 8.0.0', 'libvirtd (libvirt) 9.0.0'] },
  ])('differs with %j', (other) => {
    expect(shapeKey({ ...shape, ...other })).not.toBe(shapeKey(shape));
  });
});

describe('onMemoryFile', () => {
  const xml = '<domain type="qemu">\n  <name>a</name>\n</domain>\n';

  it('adds the memory to the domain, shared while it is stored', () => {
    const found = onMemoryFile(xml, { path: '/x/memory', mib: 1, share: true }, false);
    expect(found).toContain('size=1048576,mem-path=/x/memory,share=on"');
    expect(found).not.toContain('-incoming');
    expect(found.match(/<\/domain>/g)).toHaveLength(1);
  });

  it('maps it privately and waits for a state', () => {
    const found = onMemoryFile(xml, { path: '/a,b&"', mib: 1, share: false }, true);
    expect(found).toContain('mem-path=/a,,b&amp;&quot;,share=off"');
    expect(found).toContain('<qemu:arg value="-incoming"/>\n    <qemu:arg value="defer"/>');
  });
});

describe('identityScript', () => {
  const identity = {
    hostname: 'sw1',
    uuid: '1da5bbcf-a25c-8a05-a6ee-76f942d6fc97',
    nics: [
      { mac: '02:00:00:00:00:01', name: 'eth2' },
      { mac: '02:00:00:00:00:02', name: 'eth1' },
    ],
  };

  it('gives each card its address before it is up, and seeds before anything draws numbers', () => {
    const lines = identityScript(identity, 'seed', 1_700_000_000_400).split('\n');
    const at = (line: string) => lines.indexOf(line);
    expect(lines.slice(1, 3)).toEqual([
      'echo seed >/dev/urandom',
      '/run/patchlab-reseed </dev/urandom',
    ]);
    expect(at('link set dev warm0 address 02:00:00:00:00:01 name eth2')).toBeGreaterThan(0);
    expect(at('link set dev eth2 up')).toBe(
      at('link set dev warm0 address 02:00:00:00:00:01 name eth2') + 1,
    );
    expect(lines).toContain('echo 1da5bbcfa25c8a05a6ee76f942d6fc97 >/etc/machine-id');
    expect(lines).toContain('date -s @1700000000 >/dev/null');
  });

  it('leaves out the cards where there are none', () => {
    expect(identityScript({ ...identity, nics: [] }, 'seed', 0)).not.toContain('ip -batch');
  });
});
