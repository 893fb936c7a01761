import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { execa } from 'execa';
import { expect } from 'vitest';

/** The machine itself as the thing that a lab must not reach: it has addresses and listens, and its devices are watched. */

interface Link {
  readonly ifname: string;
  readonly address: string;
  readonly altnames?: readonly string[];
}

/** Devices of the machine by name. */
export async function hostDevices(): Promise<ReadonlyMap<string, Link>> {
  const { stdout } = await execa('ip', ['-j', 'link']);
  return new Map((JSON.parse(stdout) as readonly Link[]).map((link) => [link.ifname, link]));
}

export interface AttackedHost {
  readonly addresses: readonly [ip4: string, ip6: string];
  readonly port: number;
  /** What was heard by UDP since the last call: the texts, each once, sorted. */
  heard(): Promise<readonly string[]>;
  end(): Promise<void>;
}

const [FAR, NEAR] = ['plhost1', 'plhost0'];

/** Give the machine an address of each family (RFC 5737, RFC 3849), and listen at all of its addresses. */
export async function attackedHost(): Promise<AttackedHost> {
  const addresses = ['198.51.100.77', '2001:db8:77::77'] as const;
  const batch = [
    `link add ${NEAR} type veth peer name ${FAR}`,
    `link set ${NEAR} up`,
    `link set ${FAR} up`,
    `addr add ${addresses[0]}/24 dev ${NEAR}`,
    `addr add ${addresses[1]}/64 dev ${NEAR} nodad`,
  ];
  await execa('ip', ['-batch', '-'], { input: batch.map((line) => `${line}\n`).join('') });
  const texts = new Set<string>();
  const sockets = (['udp4', 'udp6'] as const).map((type) =>
    createSocket({ type, ipv6Only: type === 'udp6' }).on('message', (text) =>
      texts.add(text.toString()),
    ),
  );
  let port = 0;
  for (const socket of sockets) {
    socket.bind(port);
    await once(socket, 'listening');
    port = socket.address().port;
  }
  return {
    addresses,
    port,
    async heard() {
      // A socket hands out in order: when these have come, so has all that came before.
      for (const [index, to] of ['127.0.0.1', '::1'].entries()) {
        const mark = `mark ${index}`;
        (sockets[index] as Socket).send(mark, port, to);
        await expect.poll(() => texts.delete(mark), { timeout: 30_000, interval: 10 }).toBe(true);
      }
      const heard = [...texts].sort();
      texts.clear();
      return heard;
    },
    async end() {
      for (const socket of sockets.splice(0)) socket.close();
      await execa('ip', ['link', 'del', NEAR], { reject: false });
    },
  };
}

/**
 * Watch what the machine's own IP stack sends, and wait for what shows that all has arrived.
 * @param own - MACs of devices of the machine: what one of them is the sender of, the machine has sent
 * @returns what ends the watch once a last frame of each of these MACs was seen: packets and ARP that the machine sent, each
 *   once, as tcpdump(8) says them. What a bridge sends by itself as a querier does not count.
 */
export async function watchHost(
  own: readonly string[],
): Promise<(last: readonly string[]) => Promise<readonly string[]>> {
  const child = execa(
    'tcpdump',
    ['-p', '-l', '-e', '-n', '-i', 'any', '-s', '128', '-B', '65536'],
    {
      reject: false,
      buffer: false,
    },
  );
  let text = '';
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await expect.poll(() => said, { timeout: 30_000, interval: 10 }).toContain('listening on');
  return async (last) => {
    const missing = () => last.filter((mac) => !lines(text).some((line) => isLast(line, mac)));
    await expect.poll(missing, { timeout: 60_000, interval: 50 }).toEqual([]);
    child.kill('SIGINT');
    await child;
    const sent = lines(text).flatMap((line) => {
      const [, mac = '', what = ''] = OUT.exec(line) ?? [];
      return own.includes(mac) && !what.includes('igmp query') ? [`${mac} ${what}`] : [];
    });
    return [...new Set(sent)].sort();
  };
}

const lines = (text: string): readonly string[] => text.split('\n');

/** Packets and ARP that a device sends: `-e` of a capture on all devices. */
const OUT =
  /^\S+ \S+\s+Out\b.*? ((?:[0-9a-f]{2}:){5}[0-9a-f]{2}) ethertype (?:IPv4|IPv6|ARP) \S+ (.*)$/;

const isLast = (line: string, mac: string): boolean =>
  line.includes(mac) && line.includes('(0x88b5)');
