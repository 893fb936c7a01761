import { hopId } from '../../hops/graph.js';
import { uuid } from '../../plan/names.js';
import { domain } from '../../plan/resources/kinds/domain.js';
import { logFile } from '../../plan/resources/kinds/log-file.js';
import { mtu, mtuId } from '../../plan/resources/kinds/mtu.js';
import { netns } from '../../plan/resources/kinds/netns.js';
import { kibibytes } from '../../topology/fields.js';
import { defineNode } from '../define.js';
import { pulledPlug } from '../../plan/resources/kinds/pulled-plug.js';
import { guestId } from '../../plan/resources/kinds/nic.js';
import { withCloudInit } from '../cloud-init.js';
import { bareDomainXml, bootOf, domainName, domainXml, identityArgs } from '../domain-xml.js';
import { logsOf } from '../logs.js';
import { templateXml } from '../template.js';
import { cloudInitOf, templateOf, vmFields } from '../vm-fields.js';
import { agentOf, disksOf, nicOf, thingsMade } from '../vm-parts.js';
import { vmProblems } from '../vm-problems.js';
import { insideOf } from '../../where.js';

/** The slots of a PCI bus, less what else is on it. */
const NICS = 20;

/** A virtual machine run by QEMU under libvirt: https://libvirt.org/formatdomain.html */
export const vm = defineNode({
  kind: 'vm',
  title: 'virtual machine',
  doc: `A guest with a kernel of its own, booted by libvirt. Without more it runs \`mini\`: Debian's cloud kernel and an initramfs
with the tools of the trade, no disk; \`guest: switch\` is the same with Open vSwitch. Commands inside go through the QEMU guest agent; a guest without an agent
(\`agent: false\`) gets its links, but patchlab does nothing in it and captures on the host only: a check that it answers is proved, one that only goes there is skipped beyond the host, and what it would have to send itself is skipped. A \`disk:\` of your own is booted from
a copy-on-write overlay and never written to. Its system is set up by cloud-init, if it has that: by a NoCloud seed with the node's name, users, addresses, routes,
MTUs and VLANs; what cloud-init does not know is done by the agent. The files \`/var/lib/libvirt/images/patchlab.LAB.NODE.*\` go with the lab; with \`persist: true\` the overlay stays,
and removing it is up to you. A guest that runs a template and has an agent goes on from the stored state of another of its shape, in place of booting, unless \`up --cold\` is given.`,
  example: `name: two-guests
nodes:
  sw1: { kind: vm, guest: mini, memory: 256MiB, addresses: { eth1: 10.0.0.1/24 } }
  sw2: { kind: vm, addresses: { eth1: 10.0.0.2/24 } }
links:
  - { kind: macvtap, mode: passthru, allmulticast: true, ends: [sw1:eth1, sw2:eth1] }
`,
  schema: vmFields,
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
  boots: (spec) => ({ guest: templateOf(spec), disk: spec.disk }),
  validate: vmProblems,
  requirements: ({ spec }, facts) => {
    const guest = templateOf(spec);
    const asArg = (arg: string | undefined, check: string) =>
      arg === undefined ? [] : [{ check, arg }];
    return [
      { check: 'libvirt' },
      { check: 'qemu' },
      { check: 'kvm-permission' },
      { check: 'memory', arg: String(kibibytes(spec.memory) * 1024) },
      ...asArg(guest, 'guest-image'),
      ...(spec.disk === undefined ? [] : [{ check: 'command', arg: 'qemu-img' }]),
      ...asArg(spec.disk, 'disk-image'),
      ...(cloudInitOf(spec) ? [{ check: 'command', arg: 'genisoimage' }] : []),
      ...(facts.accelerator === 'kvm' ? [{ check: 'kvm' }] : []),
    ];
  },
  plan(node, attachmentAt, lab, facts) {
    const attachments = node.ports.flatMap((port) => attachmentAt(port) ?? []);
    const name = domainName(lab.name, node.name);
    const id = uuid(lab.name, node.name);
    const xml = domainXml({ node, name, uuid: id, lab: lab.name, attachments, facts });
    const base = bareDomainXml({ node, name, uuid: id, lab: lab.name, facts });
    const onHost = { lane: node.name, where: lab.machine } as const;
    const [own] = node.stacks;
    const inside = { lane: node.name, where: own?.where ?? lab.machine } as const;
    const disks = disksOf(node, name, lab, facts);
    const resources = [
      ...disks,
      domain.of({
        ...onHost,
        id: `domain ${node.name}`,
        wanted: { name, uuid: id, xml, base },
        makes: [guestId(node.name)],
        in: [],
        ...(disks.length > 0 && { needs: thingsMade(disks) }),
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
            ...agentOf(node, name, lab),
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
  comesSetUp: (node, resources) =>
    node.spec.agent && cloudInitOf(node.spec) ? withCloudInit(node, resources) : resources,
  template(node, facts) {
    const guest = templateOf(node.spec);
    // Only patchlab's own images know how to become another guest, and only their agent can be told to.
    if (guest === undefined || !node.spec.agent) return undefined;
    return { guest, xml: templateXml(node, facts), identity: identityArgs(node) };
  },
});
