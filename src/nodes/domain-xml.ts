import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import type { PlanFacts } from '../links/define.js';
import { kibibytes } from '../topology/fields.js';
import { xmlText } from '../xml.js';
import type { LabNode } from '../topology/lab.js';
import { addDisks, formatOf } from './disk.js';
import { addInterface, type Plug } from './nic-xml.js';
import { cloudInitOf, templateOf, type VmSpec } from './vm-fields.js';
import { logsOf } from './logs.js';

/** What of a `vm` node the domain XML shows. */
export type DomainSpec = Omit<VmSpec, 'kind'>;

export interface DomainInput {
  readonly node: LabNode<DomainSpec>;
  readonly name: string;
  readonly uuid: string;
  readonly lab: string;
  /** In the order of the node's ports. */
  readonly attachments: readonly Plug[];
  readonly facts: PlanFacts;
}

/** Namespace of the `<metadata>` element by which patchlab knows its domains. */
const METADATA_NAMESPACE = 'https://patchlab.dev/xmlns/domain/1';

/** Name of a node's domain in libvirt. */
export const domainName = (lab: string, node: string): string => `${lab}.${node}`;

interface Boot {
  readonly what: string;
  readonly kernel?: string | undefined;
  readonly initrd?: string | undefined;
  readonly args: readonly string[];
}

/** What a guest starts from: its own kernel, its own disk, or the template. */
export function bootOf(spec: DomainSpec, facts?: PlanFacts): Boot {
  const extra = spec.cmdline === undefined ? [] : [spec.cmdline];
  if (spec.kernel !== undefined)
    return { what: 'own kernel', kernel: spec.kernel, initrd: spec.initrd, args: extra };
  if (spec.disk !== undefined) return { what: 'own disk', args: extra };
  const guest = templateOf(spec) ?? '';
  const files = facts?.guests[guest];
  return {
    what: `guest ${guest}`,
    kernel: files?.kernel,
    initrd: files?.initrd,
    args: [...(files?.kernelArgs ?? []), ...extra],
  };
}

/**
 * The domain of a `vm` node. Everything that libvirt would invent (uuid, MACs, device names, PCI slots)
 * is given, so that two runs are alike. https://libvirt.org/formatdomain.html
 */
export function domainXml(input: DomainInput): string {
  const { node, facts } = input;
  const { spec } = node;
  const boot = bootOf(spec, facts);
  const kvm = facts.accelerator === 'kvm';
  const root = create().ele('domain', { type: kvm ? 'kvm' : 'qemu' });
  root.ele('name').txt(input.name);
  root.ele('uuid').txt(input.uuid);
  root
    .ele('metadata')
    .ele(METADATA_NAMESPACE, 'patchlab:node', { lab: input.lab, node: node.name });
  root.ele('memory', { unit: 'KiB' }).txt(String(kibibytes(spec.memory)));
  root.ele('vcpu').txt(String(spec.vcpus));
  const os = root.ele('os');
  os.ele('type', { arch: 'x86_64', machine: xmlText(spec.machine) }).txt('hvm');
  if (boot.kernel !== undefined) {
    os.ele('kernel').txt(xmlText(boot.kernel));
    if (boot.initrd !== undefined) os.ele('initrd').txt(xmlText(boot.initrd));
    os.ele('cmdline').txt(xmlText([...boot.args, ...identityArgs(node)].join(' ')));
  }
  root.ele('features').ele('acpi');
  addCpu(root, spec.cpu, kvm);
  root.ele('clock', { offset: 'utc' });
  root.ele('on_poweroff').txt('destroy');
  root.ele('on_reboot').txt('restart');
  root.ele('on_crash').txt('destroy');
  const devices = root.ele('devices');
  devices.ele('emulator').txt('/usr/bin/qemu-system-x86_64');
  devices.ele('controller', { type: 'usb', model: 'none' });
  if (spec.disk !== undefined)
    addDisks(devices, input.name, {
      ...{ image: spec.disk, format: formatOf(spec.disk, facts) },
      isSeeded: cloudInitOf(spec) !== undefined,
    });
  node.ports.forEach((port, index) => {
    const attachment = input.attachments[index];
    if (attachment) addInterface(devices, port, attachment);
  });
  const serial = devices.ele('serial', { type: 'pty' });
  serial.ele('log', { file: logsOf(input.name).console, append: 'off' });
  serial.ele('target', { port: '0' });
  devices.ele('console', { type: 'pty' }).ele('target', { type: 'serial', port: '0' });
  if (spec.agent) {
    devices
      .ele('channel', { type: 'unix' })
      .ele('target', { type: 'virtio', name: 'org.qemu.guest_agent.0' });
  }
  devices.ele('memballoon', { model: 'none' });
  devices.ele('rng', { model: 'virtio' }).ele('backend', { model: 'random' }).txt('/dev/urandom');
  return root.end({ prettyPrint: true, headless: true }) + '\n';
}

/** The same domain without its NICs, and without their names: where two nodes have the same one, they differ in their NICs at most. */
export const bareDomainXml = (input: Omit<DomainInput, 'attachments'>): string =>
  domainXml({ ...input, node: { ...input.node, ports: [] }, attachments: [] });

/** What tells one guest of a template from another: its name, and which NIC is which port. Words for the kernel's command line. */
export const identityArgs = (node: LabNode): readonly string[] => [
  `patchlab.hostname=${node.name}`,
  ...(node.ports.length === 0
    ? []
    : [`patchlab.nics=${node.ports.map((port) => `${port.mac}=${port.name}`).join(',')}`]),
];

function addCpu(root: XMLBuilder, model: string | undefined, kvm: boolean): void {
  const name = model ?? (kvm ? 'host-passthrough' : 'qemu64');
  if (name.startsWith('host-')) root.ele('cpu', { mode: name });
  else
    root
      .ele('cpu', { mode: 'custom', match: 'exact', check: 'none' })
      .ele('model')
      .txt(xmlText(name));
}
