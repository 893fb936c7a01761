import { describe, expect, it } from 'vitest';
import { bareDomainXml, domainXml, type DomainInput } from '../../../src/nodes/domain-xml.js';
import { canPlugHot, nicXml } from '../../../src/nodes/nic-xml.js';
import type { Attachment } from '../../../src/links/define.js';
import { planLab } from '../../../src/plan/plan.js';
import type { LabNode } from '../../../src/topology/lab.js';
import { FACTS, labOf } from '../../support/lab-of.js';

const TAP: Attachment = { via: 'tap', device: 'ta1', offload: false };
const MACVTAP: Attachment = {
  ...{ via: 'macvtap', device: 'mt1', lower: 've1', mode: 'passthru', trustGuestRxFilters: true },
};
const UDP: Attachment = { via: 'udp', localPort: 7000, remotePort: 7001 };

/** A guest on as many cables as are asked for. */
const guest = (memory: '256MiB' | '512MiB', cables: number): Omit<DomainInput, 'attachments'> => {
  const lab = labOf({
    name: 'lab',
    nodes: { sw1: { kind: 'vm', memory }, n: { kind: 'netns' } },
    links: Array.from({ length: cables }, (_, n) => ({
      ...{ kind: 'bridge', ends: [`sw1:eth${n}`, `n:eth${n}`] },
    })),
  });
  const [domain] = planLab(lab, FACTS).domains;
  const node = lab.nodes.find(({ name }) => name === 'sw1') as DomainInput['node'] & LabNode;
  return { node, name: domain?.name ?? '', uuid: domain?.uuid ?? '', lab: lab.name, facts: FACTS };
};

const flat = (xml: string): string => xml.replaceAll(/\s*\n\s*/g, '');

describe('the NICs of a domain', () => {
  it('are written one by one as in the domain', () => {
    const input = guest('256MiB', 3);
    const attachments = [TAP, MACVTAP, UDP];
    const nics = input.node.ports.map((port, n) => nicXml(port, attachments[n] as Attachment));
    expect(nics).toHaveLength(3);
    expect(flat(domainXml({ ...input, attachments }))).toContain(flat(nics.join('')));
  });

  it('can be left out, so that what remains tells whether anything else differs', () => {
    expect(bareDomainXml(guest('256MiB', 2))).toBe(bareDomainXml(guest('256MiB', 0)));
    expect(bareDomainXml(guest('256MiB', 2))).not.toBe(bareDomainXml(guest('512MiB', 2)));
    expect(bareDomainXml(guest('256MiB', 2))).not.toMatch(/<interface|patchlab\.nics/);
  });

  it('can be plugged in while the guest runs, but for those on datagram cables', () => {
    expect([TAP, MACVTAP, UDP].map(canPlugHot)).toEqual([true, true, false]);
  });
});
