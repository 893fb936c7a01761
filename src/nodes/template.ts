import type { PlanFacts } from '../links/define.js';
import { macAddress } from '../plan/names.js';
import type { LabNode } from '../topology/lab.js';
import { domainXml, type DomainSpec } from './domain-xml.js';
import { templateOf } from './vm-fields.js';

/** Word on the kernel's command line by which an image's init knows that the guest is to be stored. */
const STORE = 'patchlab.store';

/** Name and uuid of every template; whoever starts one gives it others. */
export const TEMPLATE_NAME = 'patchlab-template';
export const TEMPLATE_UUID = '00000000-0000-8000-a000-000000000000';

/**
 * The domain from whose stored state a guest of this node can go on: the node's own, but for what tells
 * guests apart. Its NICs are plugged into nothing: a NIC that no driver has touched can be continued on
 * every kind of cable.
 */
export function templateXml(node: LabNode<DomainSpec>, facts: PlanFacts): string {
  const guest = templateOf(node.spec) ?? '';
  const files = facts.guests[guest];
  const kernelArgs = [...(files?.kernelArgs ?? []), STORE];
  const ports = node.ports.map((port, index) => ({
    ...port,
    name: `eth${index}`,
    // Forty bits that a stored state holds nowhere else: whoever goes on from it puts his own there.
    mac: macAddress(TEMPLATE_NAME, String(index)),
  }));
  return domainXml({
    node: { ...node, name: 'template', ports },
    name: TEMPLATE_NAME,
    uuid: TEMPLATE_UUID,
    lab: '-',
    attachments: ports.map(() => ({ via: 'nothing' })),
    facts: {
      ...facts,
      guests: files ? { [guest]: { ...files, kernelArgs } } : {},
    },
  });
}
