import { defineTool } from './define.js';
import { virsh } from './virsh.js';

/** Of a domain that runs, and of that alone: a transient one has no other configuration. */
export const attachNic = defineTool({
  name: 'attach-nic',
  max: 1,
  group: () => undefined,
  batch: ([command]) => ({
    argv: virsh('attach-device', command?.domain ?? '', '/dev/stdin', '--live'),
    input: command?.xml ?? '',
  }),
});

/** virsh waits five seconds at most for the guest. */
export const detachNic = defineTool({
  name: 'detach-nic',
  max: 1,
  group: () => undefined,
  batch: ([command]) => ({
    argv: virsh('detach-device', command?.domain ?? '', '/dev/stdin', '--live'),
    input: nicOf(command?.mac ?? ''),
  }),
});

/** An element by which libvirt finds a NIC of a domain, whatever that is plugged into: the address decides. */
export const nicOf = (mac: string): string =>
  `<interface type='ethernet'><mac address='${mac}'/></interface>\n`;

/** As a shell does it in a guest where nothing is in the way. */
const RENAME =
  'nic=$(ip -o link | sed -n "s|^[0-9]*: \\([^:@]*\\).*link/ether $1 .*|\\1|p") && ' +
  'ip link set dev "$nic" down && ip link set dev "$nic" name "$2"';

export const nameNic = defineTool({
  name: 'name-nic',
  max: 1,
  group: () => undefined,
  batch: ([command]) => ({
    argv: ['sh', '-c', RENAME, 'name-nic', command?.mac ?? '', command?.name ?? ''],
  }),
});
