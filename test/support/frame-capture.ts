import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { vi } from 'vitest';
import type { Hop } from '../../src/hops/types.js';
import type { Where } from '../../src/plan/step.js';
import { BARE, packetText } from '../../src/probes/trafgen.js';
import { createPcapReader } from '../../src/verify/capture/pcap.js';
import { cli } from './cli.js';

/** Sending and capturing bare frames, on this machine and in guests. */

/** Python, because it opens a packet socket: packet(7). Sends each frame as it is; one that is refused is not sent. */
export const SENDER = `
import socket, sys, time
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((sys.argv[1], 0))
for line in sys.stdin:
    try: s.send(bytes.fromhex(line.strip()))
    except OSError: pass
    time.sleep(0.002)
`;
import { hostNameOf, hostOf, isOnMachine } from '../../src/where.js';

async function inGuest(where: Where, script: string): Promise<string> {
  const { netns } = where;
  const place = netns === undefined ? [] : ['ip', 'netns', 'exec', netns];
  const argv = ['exec', where.inside ?? '', '--', ...place, 'sh', '-c', script];
  const { exitCode, stdout, stderr } = await cli(argv);
  if (exitCode !== 0) throw new Error(`${hostNameOf(where)}: ${stderr}`);
  return stdout;
}

/** What is sent by a device, in hexadecimal. */
export interface Sending {
  readonly where: Where;
  readonly device: string;
  readonly frames: readonly string[];
  /** No header of Ethernet stands before it. */
  readonly bare?: boolean;
}

/** Characters of a script that one argument has room for: MAX_ARG_STRLEN of linux/binfmts.h. */
const ROOM = 100_000;

/** A script that sends frames in a guest, which has no Python. With -q trafgen takes the way that captures at the sender see. */
function sendingScript({ where: { netns }, device, frames, bare = false }: Sending): string {
  // One frame that is refused would keep trafgen from sending the others.
  const short = frames.filter(
    (hex) => hex.length / 2 <= (hex.startsWith('8100', 24) ? 1518 : 1514),
  );
  const text = short.map((hex) => packetText(Buffer.from(hex, 'hex'))).join('\n');
  const enter = netns === undefined ? '' : `ip netns exec ${netns} `;
  return `echo '${text}' >/tmp/send
${enter}trafgen -q ${bare ? BARE.join(' ') : ''} -c /tmp/send -o ${device} -n ${short.length} --cpus 1 >/dev/null 2>&1 || exit 1
`;
}

/** Send frames by devices, by one after the other; in a guest by as few commands as can be. */
export async function sendAll(sendings: readonly Sending[]): Promise<void> {
  let script = '';
  for (const [index, sending] of sendings.entries()) {
    const { where, device, frames } = sending;
    if (isOnMachine(where)) {
      await execa('ip', ['netns', 'exec', where.netns ?? '', 'python3', '-c', SENDER, device], {
        input: frames.map((hex) => `${hex}\n`).join(''),
        reject: false,
      });
      continue;
    }
    script += sendingScript(sending);
    const next = sendings[index + 1];
    const isMore = next && next.where.inside === where.inside;
    if (isMore && script.length + sendingScript(next).length < ROOM) continue;
    await inGuest(hostOf(where), script);
    script = '';
  }
}

/** Send frames by a device. */
export const sendFrom = (where: Where, device: string, frames: readonly string[]): Promise<void> =>
  sendAll([{ where, device, frames }]);

interface Point {
  readonly hop: Hop;
  readonly where: Where;
}

type Captured = ReadonlyMap<string, readonly string[]>;

/** Captures that run. */
interface Running {
  /** What they have so far. */
  read(): Promise<readonly (readonly [id: string, frames: readonly string[]])[]>;
  end(): Promise<void>;
}

/** Of a veth the ring would hold two frames, each with the room of the snapshot length; and a guest is small. */
const TCPDUMP = [
  'tcpdump',
  '-p',
  '-U',
  '-s',
  '2048',
  '-B',
  '512',
  '--immediate-mode',
  '-Z',
  'root',
];

const framesIn = (file: Buffer): readonly string[] =>
  createPcapReader()
    .push(new Uint8Array(file))
    .map(({ bytes }) => Buffer.from(bytes).toString('hex'));

/** Start captures on this machine. @returns them, once they listen */
async function captureHere(points: readonly Point[]): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'patchlab-frames-'));
  const running = points.map(({ hop, where }, index) => {
    const file = join(folder, `${index}.pcap`);
    const tcpdump = [...TCPDUMP, '-i', hop.device, '-w', file];
    const argv =
      where.netns === undefined ? tcpdump : ['ip', 'netns', 'exec', where.netns, ...tcpdump];
    const child = execa(argv[0] ?? '', argv.slice(1), { reject: false });
    const listening = new Promise<void>((resolve, reject) => {
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('listening on')) resolve();
      });
      void child.then(() => reject(new Error(`${hop.label}: ${said}`)));
    });
    return { hop, file, child, listening };
  });
  await Promise.all(running.map(({ listening }) => listening));
  return {
    read: () =>
      Promise.all(
        running.map(async ({ hop, file }) => [hop.id, framesIn(await readFile(file))] as const),
      ),
    end: async () => {
      for (const { child } of running) child.kill('SIGINT');
      await Promise.all(running.map(({ child }) => child));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same in a guest. */
async function captureInGuest(points: readonly Point[]): Promise<Running> {
  const [first] = points;
  if (!first) return { read: () => Promise.resolve([]), end: () => Promise.resolve() };
  const guest: Where = hostOf(first.where);
  const starts = points.map(({ hop, where: { netns } }, index) => {
    const enter = netns === undefined ? '' : `ip netns exec ${netns} `;
    // In a session of its own: `exec` ends what is left of its command.
    return `${enter}setsid ${TCPDUMP.join(' ')} -i ${hop.device} -w /tmp/${index}.pcap </dev/null >/dev/null 2>/tmp/${index}.said & echo $! >>/tmp/pids`;
  });
  // All start together. The shell reads what they say by itself, since each program takes a guest tens of milliseconds.
  starts.push(`listens() { while read -r line; do case $line in *listening*) return 0 ;; esac; done </tmp/$at.said; return 1; }
at=0
while read -r pid; do
  until listens; do kill -0 $pid || exit 1; sleep 0.2; done
  at=$((at + 1))
done </tmp/pids`);
  await inGuest(guest, starts.join('\n'));
  const files = points
    .map((_, index) => `base64 /tmp/${index}.pcap | tr -d '\\n'; echo`)
    .join('\n');
  return {
    read: async () => {
      const texts = (await inGuest(guest, files)).split('\n');
      return points.map(
        ({ hop }, index) => [hop.id, framesIn(Buffer.from(texts[index] ?? '', 'base64'))] as const,
      );
    },
    end: async () => {
      await inGuest(guest, 'kill -INT $(cat /tmp/pids); rm /tmp/pids');
    },
  };
}

/** Milliseconds until what has not arrived counts as lost: a guest's frames take their time on a machine that is busy. */
const WAIT = { timeout: 60_000, interval: 100 };

/**
 * Milliseconds until what is lacking is sent once more, alone: a switch of user space also drops what is in one batch with
 * a frame that is too long for the port (Open vSwitch lib/netdev-linux.c, netdev_linux_sock_batch_send).
 */
const AGAIN = 5000;

/**
 * Capture on devices while frames are sent, and until all that is to arrive is there or the deadline is over.
 * @param lacking - the frames that are to arrive somewhere and are not there
 * @returns the frames as hexadecimal by the hop's id
 */
export async function capture<T>(
  points: readonly Point[],
  frames: readonly T[],
  send: (frames: readonly T[]) => Promise<void>,
  lacking: (captured: Captured) => readonly T[],
): Promise<Captured> {
  const hosts = [...new Set(points.map(({ where }) => hostNameOf(where)))];
  const running = await Promise.all(
    hosts.map((host) => {
      const here = points.filter(({ where }) => hostNameOf(where) === host);
      return host === 'local' ? captureHere(here) : captureInGuest(here);
    }),
  );
  const read = async (): Promise<Captured> =>
    new Map((await Promise.all(running.map((some) => some.read()))).flat());
  try {
    await send(frames);
    let sent = performance.now();
    const isComplete = async (): Promise<boolean> => {
      const missing = lacking(await read());
      if (missing.length > 0 && performance.now() - sent > AGAIN) {
        await send(missing);
        sent = performance.now();
      }
      return missing.length === 0;
    };
    // What is lacking in the end is lost.
    await vi.waitUntil(isComplete, WAIT).catch(() => undefined);
    return await read();
  } finally {
    await Promise.all(running.map((some) => some.end()));
  }
}
