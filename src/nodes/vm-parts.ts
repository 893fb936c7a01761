import { hopId } from '../hops/graph.js';
import type { Attachment, PlanFacts } from '../links/define.js';
import type { Resource } from '../plan/resources/define.js';
import { agent } from '../plan/resources/kinds/agent.js';
import { cloudInit } from '../plan/resources/kinds/cloud-init.js';
import { guestId, nic } from '../plan/resources/kinds/nic.js';
import { overlay } from '../plan/resources/kinds/overlay.js';
import { seed } from '../plan/resources/kinds/seed.js';
import { THIS_HOST, type Lab, type LabNode, type Port } from '../topology/lab.js';
import { seedFiles } from './cloud-init.js';
import { diskFiles, formatOf } from './disk.js';
import { canPlugHot, nicXml } from './nic-xml.js';
import { cloudInitOf, type VmSpec } from './vm-fields.js';

/** What a virtual machine is made of besides its domain. */

/** Seconds that the system of a disk has to boot, without KVM and on a busy machine. */
const BOOT = 600;

/** The disks of a domain: the overlay over the user's image, and the seed for cloud-init. */
export function disksOf(
  node: LabNode<VmSpec>,
  domain: string,
  { machine }: Pick<Lab, 'machine'>,
  facts: PlanFacts,
): readonly Resource[] {
  const { name, spec } = node;
  if (spec.disk === undefined) return [];
  const files = diskFiles(domain);
  const settings = cloudInitOf(spec);
  const image = spec.disk;
  const onHost = { lane: name, where: machine, in: [] } as const;
  return [
    overlay.of({
      ...onHost,
      id: `overlay ${name}`,
      wanted: {
        ...{ path: files.overlay, image, format: formatOf(image, facts) },
        persists: spec.persist,
      },
      makes: [`overlay ${name}`],
      why: `let ${name} write beside ${image}${spec.persist ? ', and keep that' : ''}`,
    }),
    ...(settings
      ? [
          seed.of({
            ...onHost,
            id: `seed ${name}`,
            wanted: {
              ...{ path: files.seed, files: seedFiles(domain, node, settings) },
              isAll: !spec.agent,
            },
            makes: [`seed ${name}`],
            why: `tell cloud-init what ${name} is`,
          }),
        ]
      : []),
  ];
}

/** The names of what resources make. */
export const thingsMade = (resources: readonly Resource[]): readonly string[] =>
  resources.flatMap(({ makes = [] }) => makes);

/** What makes the inside of a guest: the first answer of its agent, or the end of cloud-init after that. */
export function agentOf(
  { name, spec, stacks, ports }: LabNode<VmSpec>,
  domain: string,
  { machine }: Pick<Lab, 'machine'>,
): readonly Resource[] {
  const isSeeded = cloudInitOf(spec) !== undefined;
  const inside = stacks[0]?.where ?? machine;
  const answers = isSeeded ? `agent ${name}` : name;
  const isDisk = spec.disk !== undefined;
  return [
    agent.of({
      ...{ lane: name, where: machine },
      id: `agent ${name}`,
      wanted: {
        domain,
        ...(isDisk && { seconds: BOOT }),
        // A system of its own calls them otherwise.
        ...(isDisk &&
          !isSeeded && {
            inside,
            nics: ports.map((port) => ({ mac: port.mac, name: port.name })),
          }),
      },
      makes: [answers],
      in: [guestId(name)],
      why: `wait until ${name} answers`,
    }),
    ...(isSeeded
      ? [
          cloudInit.of({
            ...{ lane: name, where: inside },
            id: `cloud-init ${name}`,
            wanted: {},
            makes: [name],
            in: [answers],
            why: `wait until cloud-init has set up ${name}`,
          }),
        ]
      : []),
  ];
}

/** A NIC of a guest, with the macvtap that libvirt makes for it. */
export function nicOf(
  { machine }: Pick<Lab, 'machine'>,
  { name: node, spec, stacks }: LabNode<Pick<VmSpec, 'machine' | 'agent'>>,
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
