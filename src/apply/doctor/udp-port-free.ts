import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { bad, defineCheck, good } from './define.js';

export const udpPortFree = defineCheck({
  name: 'udp-port-free',
  title: 'UDP port is free',
  doc: 'A `udp` link ends at two UDP ports of 127.0.0.1. QEMU does not start when another program has one of them.',
  argument: { meaning: 'UDP port of 127.0.0.1' },
  severity: 'error',
  ofLab: true,
  async run(arg) {
    const port = Number(arg);
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new TypeError(`no UDP port: ${arg}`);
    }
    const socket = createSocket('udp4');
    try {
      const listening = once(socket, 'listening');
      socket.bind({ address: '127.0.0.1', port, exclusive: true });
      await listening;
      return good('it could be bound');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      return bad(
        code === 'EADDRINUSE'
          ? `Another program has the UDP port ${port} of 127.0.0.1.`
          : `The UDP port ${port} of 127.0.0.1 cannot be bound: ${code}.`,
        `look which program has it, and end it or give the link other ports: ss -lunp sport = :${port}`,
      );
    } finally {
      socket.close();
    }
  },
});
