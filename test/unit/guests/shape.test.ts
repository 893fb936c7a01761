import { describe, expect, it } from 'vitest';
import { memoryOf, onMemoryFile } from '../../../src/guests/memory-file.js';
import { shapeKey, type Shape } from '../../../src/guests/shape.js';
import { withMacs } from '../../../src/guests/start-warm.js';
import type { PlanFacts } from '../../../src/links/define.js';
import { planLab } from '../../../src/plan/plan.js';
import { nodeKind } from '../../../src/topology/kinds.js';
import type { Lab } from '../../../src/topology/lab.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';

const facts: PlanFacts = {
  accelerator: 'tcg',
  ovsDatapath: 'netdev',
  guests: { mini: { kernel: '/k', initrd: '/i', kernelArgs: ['quiet'] } },
};
const labOf = (text: string): Lab => parseTopology(parseYaml('lab.yaml', text)).lab;
const templateOf = (lab: Lab, name: string, host = facts) => {
  const node = lab.nodes.find((one) => one.name === name)!;
  return nodeKind(node.kind).template?.(node as never, host);
};

const cables = labOf(`name: cables
nodes:
  a: { kind: vm, addresses: { eth1: 10.0.0.1/24 }, namespaces: [c1] }
  b: { kind: vm, ports: { uplink: { mtu: 9000 } } }
  c: { kind: vm }
  d: { kind: vm }
  two: { kind: vm }
  n: { kind: netns }
links:
  - { kind: macvtap, mode: passthru, ends: [a:eth1, n:eth1] }
  - { kind: ovs-panel, patches: [[b:uplink, n:eth2]] }
  - { kind: udp, ends: [c:eth1, two:eth1] }
  - { kind: bridge, ends: [d:eth1, two:eth2] }
`);

describe('the template of a node', () => {
  it('is the same for all guests that one state serves, whatever they are plugged into', () => {
    const xml = ['a', 'b', 'c', 'd'].map((name) => templateOf(cables, name)?.xml);
    expect(new Set(xml).size).toBe(1);
    expect(xml[0]).toContain('quiet patchlab.store ');
  });

  it.each(['memory: 512MiB', 'vcpus: 2', 'machine: q35', 'cpu: Nehalem', 'cmdline: debug'])(
    'differs with %s',
    (field) => {
      const [one, other] = ['{ kind: vm }', `{ kind: vm, ${field} }`].map((node) =>
        templateOf(labOf(`name: x\nnodes: { a: ${node} }\nlinks: []\n`), 'a'),
      );
      expect(other?.xml).not.toBe(one?.xml);
    },
  );

  it('differs with the number of NICs, and with the accelerator', () => {
    const xml = templateOf(cables, 'a')?.xml;
    expect(templateOf(cables, 'two')?.xml).not.toBe(xml);
    expect(templateOf(cables, 'a', { ...facts, accelerator: 'kvm' })?.xml).not.toBe(xml);
  });

  it('tells the guests apart by what init finds on the kernel command line', () => {
    const identity = templateOf(cables, 'two')?.identity ?? [];
    expect(identity[0]).toBe('patchlab.hostname=two');
    expect(identity[1]).toMatch(/^patchlab\.nics=02:[0-9a-f:]{14}=eth1,02:[0-9a-f:]{14}=eth2$/);
    const own = planLab(cables, facts).domains.find(({ node }) => node === 'two');
    expect(own?.xml).toContain(identity.join(' '));
  });

  it.each(['disk: /x.qcow2', 'kernel: /x', 'agent: false'])('is none with %s', (field) => {
    const lab = labOf(`name: x\nnodes: { a: { kind: vm, ${field} } }\nlinks: []\n`);
    expect(templateOf(lab, 'a')).toBeUndefined();
  });
});

const shape: Shape = {
  guest: 'mini',
  image: 'a'.repeat(64),
  xml: '<domain/>',
  versions: ['QEMU emulator version 7.2.22', 'libvirt 9.0.0'],
  processor: 'EPYC: fpu sse2',
};

describe('shapeKey', () => {
  it('is the same for the same facts, in whatever order they are written', () => {
    const backwards = Object.fromEntries(Object.entries(shape).reverse()) as unknown as Shape;
    expect(shapeKey(backwards)).toBe(shapeKey(shape));
    expect(shapeKey(shape)).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each<Partial<Shape>>([
    { image: 'b'.repeat(64) },
    { xml: '<domain type="kvm"/>' },
    { processor: 'EPYC: fpu' },
    { versions: ['QEMU emulator version 8.0.0', 'libvirt 9.0.0'] },
    { versions: ['QEMU emulator version 7.2.22', 'libvirt 10.0.0'] },
  ])('differs with %j', (other) => {
    expect(shapeKey({ ...shape, ...other })).not.toBe(shapeKey(shape));
  });
});

describe('a domain on a memory file', () => {
  const xml = `<domain type="qemu">
  <uuid>x</uuid>
  <memory unit="KiB">1000</memory>
  <cpu mode="custom"/>
</domain>
`;

  it('has as much memory as libvirt gives it', () => {
    expect(memoryOf(xml)).toBe(1024 ** 2);
  });

  it('fills the file while it is stored', () => {
    const found = onMemoryFile(xml, '/x/memory', 'shared');
    expect(found).toContain('size=1048576,mem-path=/x/memory,share=on"');
    expect(found).not.toContain('-incoming');
    expect(found.match(/<\/domain>/g)).toHaveLength(1);
  });

  it('maps it privately and waits for a state, with a generation id that no other has', () => {
    const found = onMemoryFile(xml, '/a,b&"$&', 'private');
    expect(found).toContain('mem-path=/a,,b&amp;&quot;$&amp;,share=off"');
    expect(found).toMatch(/<qemu:arg value="-incoming"\/>\s*<qemu:arg value="defer"\/>/);
    const id = (text: string) => /<genid>([0-9a-f-]{36})<\/genid>/.exec(text)?.[1];
    expect(id(found)).toBeDefined();
    expect(id(onMemoryFile(xml, '/a', 'private'))).not.toBe(id(found));
  });

  it('has libvirt read the features of the processor in the short way, but for a host-model', () => {
    const del = '<qemu:del capability="cpu-unavailable-features"/>';
    expect(onMemoryFile(xml, '/a', 'private')).toContain(del);
    expect(onMemoryFile(xml.replace('custom', 'host-model'), '/a', 'private')).not.toContain(del);
  });
});

describe('withMacs', () => {
  const xml = (...macs: string[]) => macs.map((mac) => `<mac address="${mac}"/>`).join('\n');
  const stored = xml('02:aa:bb:cc:dd:01', '02:aa:bb:cc:dd:02');
  const state = Buffer.from('00aabb02aabbccdd0200ff02aabbccdd0102aabbccdd01', 'hex');

  it('gives each NIC its own address, wherever the state has it', () => {
    const own = xml('02:01:01:01:01:01', '02:02:02:02:02:02');
    expect(withMacs(state, stored, own).toString('hex')).toBe(
      '00aabb02020202020200ff020101010101020101010101',
    );
    expect(state.toString('hex')).toContain('02aabbccdd01');
  });

  it('leaves the others alone where a NIC has the address of the stored one', () => {
    expect(withMacs(state, stored, stored).equals(state)).toBe(true);
  });

  it('refuses a state without such a NIC', () => {
    const other = xml('02:aa:bb:cc:dd:03');
    expect(() => withMacs(state, other, stored)).toThrow('The state has no NIC 0.');
  });
});
