import { open } from 'node:fs/promises';
import { isHeld } from '../rootless/folders.js';
import { bad, defineCheck, good } from './define.js';

const TUN = '/dev/net/tun';

const REMEDIES: Readonly<Record<string, string>> = {
  // Number 10, 200: Documentation/networking/tuntap.rst of the kernel.
  ENOENT: `mkdir -p /dev/net; mknod ${TUN} c 10 200; chmod 666 ${TUN}`,
  ENODEV: 'modprobe tun',
  ENXIO: 'modprobe tun',
};

/** Whoever may open it makes taps in networks of his own only. */
const AS_USER = `as root: chmod 666 ${TUN}, as udev has it; or reach guests by \`kind: udp\`, which takes no tap`;

export const deviceNodes = defineCheck({
  name: 'device-nodes',
  title: 'Taps can be opened',
  doc: `Taps, by which QEMU and user programs join the host's network, are opened by way of \`${TUN}\`.`,
  severity: 'error',
  async run() {
    try {
      await (await open(TUN, 'r+')).close();
      return good(`\`${TUN}\` opens`);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      return bad(
        `\`${TUN}\` does not open: ${code}.`,
        isHeld() && code === 'EACCES'
          ? AS_USER
          : (REMEDIES[code] ?? 'run patchlab as root; in a container, allow the device 10:200'),
      );
    }
  },
});
