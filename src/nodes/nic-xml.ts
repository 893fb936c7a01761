import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';
import type { Attachment } from '../links/define.js';
import type { Port } from '../topology/lab.js';

/** NICs in the words of libvirt: https://libvirt.org/formatdomain.html#network-interfaces */

/** What a NIC of a domain is plugged into. */
export type Plug = Attachment | { readonly via: 'nothing' };

type InterfaceOf<V extends Plug['via']> = {
  readonly type: string;
  /** libvirt can plug one in while the guest runs. */
  readonly hot: boolean;
  readonly fill: (element: XMLBuilder, plug: Extract<Plug, { via: V }>) => void;
};

/** How libvirt writes each way to reach a guest. */
const interfaces: { readonly [V in Exclude<Plug['via'], 'netdev'>]: InterfaceOf<V> } = {
  // The kernel chooses the own port (0), and nothing is at the other (9, discard: RFC 863).
  nothing: {
    type: 'udp',
    hot: false,
    fill(element) {
      const source = element.ele('source', { address: '127.0.0.1', port: '9' });
      source.ele('local', { address: '127.0.0.1', port: '0' });
    },
  },
  tap: {
    type: 'ethernet',
    hot: true,
    fill(element, { device, offload }) {
      element.ele('target', { dev: device, managed: 'no' });
      if (offload) return;
      const off = { csum: 'off', tso4: 'off', tso6: 'off', ecn: 'off', ufo: 'off' };
      const driver = element.ele('driver');
      driver.ele('host', { ...off, gso: 'off' });
      driver.ele('guest', off);
    },
  },
  macvtap: {
    type: 'direct',
    hot: true,
    fill(element, { device, lower, mode }) {
      element.ele('source', { dev: lower, mode: mode === 'passthru' ? 'passthrough' : mode });
      element.ele('target', { dev: device });
    },
  },
  udp: {
    type: 'udp',
    hot: false,
    fill(element, { localPort, remotePort }) {
      const source = element.ele('source', { address: '127.0.0.1', port: String(remotePort) });
      source.ele('local', { address: '127.0.0.1', port: String(localPort) });
    },
  },
};

/** Add the `<interface>` of a NIC to the devices of a domain. */
export function addInterface(parent: XMLBuilder, port: Port, attachment: Plug): void {
  if (attachment.via === 'netdev') throw new RangeError(`${port.ref}: a guest takes no netdev`);
  const { type, fill } = interfaces[attachment.via] as InterfaceOf<Plug['via']>;
  const trusted = attachment.via === 'macvtap' && attachment.trustGuestRxFilters;
  const element = parent.ele('interface', {
    type,
    ...(trusted && { trustGuestRxFilters: 'yes' }),
  });
  element.ele('mac', { address: port.mac });
  fill(element, attachment);
  element.ele('model', { type: 'virtio' });
}

/** The `<interface>` of one NIC by itself, as its domain has it: to plug it in while the guest runs. */
export function nicXml(port: Port, attachment: Plug): string {
  const root = create();
  addInterface(root, port, attachment);
  return `${root.end({ prettyPrint: true, headless: true })}\n`;
}

/** Can a NIC be plugged in like this while the guest runs? (libvirt src/qemu/qemu_hotplug.c: qemuDomainAttachNetDevice.) Each one can be unplugged. */
export const canPlugHot = ({ via }: Attachment): boolean => via !== 'netdev' && interfaces[via].hot;
