import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { planLab } from '../../src/plan/plan.js';
import { parseTopology } from '../../src/topology/parse.js';
import { parseYaml } from '../../src/topology/source.js';

const labs = new URL('../golden/labs/', import.meta.url).pathname;
const domains = readdirSync(labs, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.xml'),
);

/** Hold XML against the schema; virsh opens no socket by name, so it reads from a pipe. */
async function validate(xml: string): Promise<string> {
  const argv = ['-c', 'test:///default', 'define', '--validate', '/dev/stdin'];
  const result = await execa('sh', ['-c', 'cat | virsh "$@"', 'sh', ...argv], {
    input: xml,
    reject: false,
  });
  return result.stdout + result.stderr;
}

describe('the XML of a domain', () => {
  it.each(domains)('%s holds against the schema of libvirt', async (file) => {
    const { stdout } = await execa('virsh', [
      '-c',
      'test:///default',
      'define',
      '--validate',
      join(labs, file),
    ]);
    expect(stdout).toContain('defined from');
  });

  it.each([
    ['an own kernel', 'kernel: /k, initrd: /i, cmdline: "a=b & c"'],
    ['an own disk', 'disk: /images/guest.qcow2, agent: false, machine: q35, cpu: host-passthrough'],
    ['more of everything', 'memory: 1GiB, vcpus: 4, cpu: Nehalem'],
  ])('of a guest with %s holds too', async (_what, fields) => {
    const text = `name: lab
nodes:
  sw1: { kind: vm, ${fields} }
  sw2: { kind: vm, ports: { eth9: { mac: "02:00:00:00:00:09" } } }
links:
  - { kind: macvtap, mode: private, trustGuestRxFilters: true, ends: [sw1:eth1, sw2:eth1] }
  - { kind: bridge, ends: [sw1:eth2, sw2:eth2] }
  - { kind: udp, ends: [sw1:eth10, sw2:eth9] }
  - { kind: ovs-panel, patches: [[sw1:eth3, sw2:eth3]] }
`;
    const { lab } = parseTopology(parseYaml('lab.yaml', text));
    for (const accelerator of ['kvm', 'tcg'] as const) {
      const guests = { mini: { kernel: '/k', initrd: '/i', kernelArgs: [] } };
      const { domains } = planLab(lab, { accelerator, ovsDatapath: 'netdev', guests });
      for (const { xml } of domains) expect(await validate(xml)).toContain('defined from');
    }
  });

  it('would be refused with an element that libvirt does not have', async () => {
    const xml =
      '<domain type="test"><name>x</name><memory>1024</memory><os><type>hvm</type></os><nonsense/></domain>';
    expect(await validate(xml)).toContain('nonsense');
  });
});
