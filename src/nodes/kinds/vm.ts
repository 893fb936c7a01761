import { z } from 'zod';
import { hopId } from '../../hops/graph.js';
import { uuid } from '../../plan/names.js';
import { agent } from '../../plan/resources/kinds/agent.js';
import { domain } from '../../plan/resources/kinds/domain.js';
import { logFile } from '../../plan/resources/kinds/log-file.js';
import { mtu, mtuId } from '../../plan/resources/kinds/mtu.js';
import { netns } from '../../plan/resources/kinds/netns.js';
import { kibibytes, lineField, memoryField, nameField } from '../../topology/fields.js';
import { defineNode } from '../define.js';
import type { Attachment } from '../../links/define.js';
import type { Resource } from '../../plan/resources/define.js';
import { pulledPlug } from '../../plan/resources/kinds/pulled-plug.js';
import { guestId, nic } from '../../plan/resources/kinds/nic.js';
import { THIS_HOST, type Lab, type LabNode, type Port } from '../../topology/lab.js';
import {
  bareDomainXml,
  bootOf,
  domainName,
  domainXml,
  identityArgs,
  type DomainSpec,
} from '../domain-xml.js';
import { logsOf } from '../logs.js';
import { canPlugHot, nicXml } from '../nic-xml.js';
import { templateXml } from '../template.js';
import { insideOf } from '../../where.js';

const form = (regex: RegExp, error: string) => z.string({ error }).regex(regex, { error });

const path = (what: string) => form(/^\/\S(?:.*\S)?$/, 'write an absolute path').describe(what);

/** A word that libvirt hands to QEMU. */
const word = form(/^[A-Za-z0-9][\w.+-]*$/, 'write one word, as QEMU lists it');

/** The slots of a PCI bus, less what else is on it. */
const NICS = 20;

/** A virtual machine run by QEMU under libvirt: https://libvirt.org/formatdomain.html */
export const vm = defineNode({
  kind: 'vm',
  title: 'virtual machine',
  doc: `A guest with a kernel of its own, booted by libvirt. Without more it runs \`mini\`: Debian's cloud kernel and an initramfs
with the tools of the trade, no disk; \`guest: switch\` is the same with Open vSwitch. Commands inside go through the QEMU guest agent; a guest without an agent
(\`agent: false\`) gets its links, but patchlab configures nothing in it and captures on the host only. A guest that runs
a template and has an agent goes on from the stored state of another of its shape, in place of booting, unless \`up --cold\` is given.`,
  example: `name: two-guests
nodes:
  sw1: { kind: vm, guest: mini, memory: 256MiB, addresses: { eth1: 10.0.0.1/24 } }
  sw2: { kind: vm, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: macvtap, mode: passthru, allmulticast: true, ends: [sw1:eth1, sw2:eth1] }
`,
  schema: z.strictObject({
    kind: z.literal('vm'),
    guest: nameField
      .default('mini')
      .describe(
        'Guest template from `templates/guests/`: `mini`, or `switch`, in which Open vSwitch runs',
      ),
    kernel: path('Own kernel instead of the template (direct kernel boot)').optional(),
    initrd: path('Own initramfs, with `kernel`').optional(),
    cmdline: lineField.optional().describe("Kernel command line added to the guest's own"),
    disk: path(
      'Own disk image (qcow2), booted by its own loader unless `kernel` is given; never written to',
    ).optional(),
    memory: memoryField.default('256MiB').describe('Main memory'),
    vcpus: z.int().min(1).max(64).default(1).describe('Virtual processors'),
    machine: word.default('pc').describe('QEMU machine type'),
    cpu: word.optional().describe('CPU model; `host-passthrough` needs KVM'),
    agent: z.boolean().default(true).describe('Does the guest run qemu-guest-agent?'),
  }),
  accepts: ['tap', 'macvtap', 'udp'],
  holdsLabs: { memory: '512MiB' },
  notInGuest: 'there is no libvirt in a guest',
  notRootlessBy: {
    macvtap: 'QEMU opens a macvtap by `/dev/tapN`, which devtmpfs makes for root alone',
  },
  portHop: 'nic',
  nics: NICS,
  portsByMac: true,
  where: ({ node, namespace, machine }) => ({
    ...insideOf(machine, node),
    ...(namespace !== undefined && { netns: namespace }),
  }),
  requirements: (node, facts) => [
    { check: 'libvirt' },
    { check: 'qemu' },
    { check: 'kvm-permission' },
    { check: 'memory', arg: String(kibibytes(node.spec.memory) * 1024) },
    ...(node.spec.kernel === undefined && node.spec.disk === undefined
      ? [{ check: 'guest-image', arg: node.spec.guest }]
      : []),
    ...(facts.accelerator === 'kvm' ? [{ check: 'kvm' }] : []),
  ],
  plan(node, attachmentAt, lab, facts) {
    const attachments = node.ports.flatMap((port) => attachmentAt(port) ?? []);
    const name = domainName(lab.name, node.name);
    const id = uuid(lab.name, node.name);
    const xml = domainXml({ node, name, uuid: id, lab: lab.name, attachments, facts });
    const base = bareDomainXml({ node, name, uuid: id, lab: lab.name, facts });
    const onHost = { lane: node.name, where: lab.machine } as const;
    const [own] = node.stacks;
    const inside = { lane: node.name, where: own?.where ?? lab.machine } as const;
    const resources = [
      domain.of({
        ...onHost,
        id: `domain ${node.name}`,
        wanted: { name, uuid: id, xml, base },
        makes: [guestId(node.name)],
        in: [],
        why: `boot ${node.name} (${bootOf(node.spec).what}, ${node.spec.memory}, ${facts.accelerator})`,
      }),
      // virtlogd opens them when the domain starts; they are removed after the domain.
      ...Object.entries(logsOf(name)).map(([of, path]) =>
        logFile.of({
          ...onHost,
          id: `${of} log ${node.name}`,
          wanted: { path },
          in: [],
          why: `let the ${of} log of ${node.name} begin anew, and go with the lab`,
        }),
      ),
      ...node.ports.flatMap((port, index) => {
        const attachment = attachments[index];
        return attachment ? [nicOf(lab, node, port, attachment, name)] : [];
      }),
      ...(node.spec.agent
        ? [
            agent.of({
              ...onHost,
              id: `agent ${node.name}`,
              wanted: { domain: name },
              makes: [node.name],
              in: [guestId(node.name)],
              why: `wait until ${node.name} answers`,
            }),
            ...node.ports.flatMap((port) =>
              port.mtu === undefined
                ? []
                : [
                    mtu.of({
                      ...inside,
                      id: `mtu ${port.ref}`,
                      wanted: { device: port.name, mtu: port.mtu },
                      makes: [mtuId(hopId(node.name, port.name))],
                      in: [hopId(node.name, port.name)],
                      why: `MTU of ${port.ref}`,
                    }),
                  ],
            ),
            ...node.stacks.slice(1).map((stack) =>
              netns.of({
                ...inside,
                id: `netns ${stack.id}`,
                wanted: { name: stack.namespace ?? '' },
                makes: [stack.id],
                in: [node.name],
                why: `network namespace ${stack.id}`,
              }),
            ),
          ]
        : []),
    ];
    return { resources, domain: { node: node.name, name, uuid: id, xml } };
  },
  pulled({ name: node, spec, stacks }, port, lab) {
    const inside = spec.agent ? stacks[0]?.where : undefined;
    return pulledPlug.of({
      ...{ lane: node, where: lab.machine },
      id: `pulled plug ${port.ref}`,
      wanted: {
        ...{ domain: domainName(lab.name, node), mac: port.mac, device: port.name },
        ...(inside && { inside }),
      },
      in: [hopId(node, port.name)],
      // A guest that goes on from a stored state has its NICs as that has them.
      ...(inside && { needs: [node] }),
      why: `pull the cable out of ${port.ref}`,
    });
  },
  template(node, facts) {
    const { guest, kernel, disk, agent } = node.spec;
    // Only patchlab's own images know how to become another guest, and only their agent can be told to.
    if (kernel !== undefined || disk !== undefined || !agent) return undefined;
    return { guest, xml: templateXml(node, facts), identity: identityArgs(node) };
  },
});

/** A NIC of a guest, with the macvtap that libvirt makes for it. */
function nicOf(
  { machine }: Pick<Lab, 'machine'>,
  { name: node, spec, stacks }: LabNode<Pick<DomainSpec, 'machine' | 'agent'>>,
  port: Port,
  attachment: Attachment,
  domain: string,
): Resource {
  const { via } = attachment;
  const inside = spec.agent ? stacks[0]?.where : undefined;
  return nic.of({
    ...{ lane: node, where: machine },
    id: `nic ${port.ref}`,
    wanted: {
      ...{ node, domain, mac: port.mac, name: port.name, xml: nicXml(port, attachment) },
      // Other machines have no slots, or few, for what is plugged in later.
      hot: canPlugHot(attachment) && /^pc($|-i440fx)/.test(spec.machine),
      ...(inside && { inside }),
    },
    makes: [
      hopId(node, port.name),
      ...(via === 'macvtap' ? [hopId(THIS_HOST, attachment.device)] : []),
    ],
    in: [guestId(node)],
    needs: [
      ...(via === 'tap' ? [hopId(THIS_HOST, attachment.device)] : []),
      ...(via === 'macvtap' ? [hopId(THIS_HOST, attachment.lower)] : []),
    ],
    why: `NIC ${port.ref}`,
  });
}
