import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand, tryCommand } from '../../src/apply/command.js';
import { inNamespace } from '../../src/plan/tools/index.js';

/** Where traffic begins or ends. */
interface End {
  readonly netns: string;
  readonly device: string;
  readonly mac: string;
  readonly address: string;
}
export interface Ends {
  readonly from: End;
  readonly to: End;
}

/** Seconds that one measurement sends. */
const SECONDS = 2;
const COPY = new URL('tcp-copy.py', import.meta.url).pathname;

const within = ({ netns }: End, ...argv: readonly string[]): readonly string[] =>
  inNamespace(argv, netns, 'nsenter');

/** Frames that a device has received: ip-link(8) `-s`. */
async function received(end: End): Promise<number> {
  const { stdout } = await runCommand(
    within(end, 'ip', '-j', '-s', 'link', 'show', 'dev', end.device),
  );
  const [link] = JSON.parse(stdout) as readonly { stats64: { rx: { packets: number } } }[];
  return link?.stats64.rx.packets ?? NaN;
}

/** Frames of 64 bytes, checksum included, that arrive in a second: UDP sent by trafgen(8) on one processor. */
export async function framesPerSecond({ from, to }: Ends, signal: AbortSignal): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'patchlab-bench-'));
  const file = join(folder, 'frame');
  try {
    await writeFile(
      file,
      `{ eth(da=${to.mac}, sa=${from.mac}), ipv4(da=${to.address}, sa=${from.address}), udp(sp=9, dp=9), fill(0x55, 18) }\n`,
    );
    const before = await received(to);
    const begin = performance.now();
    await tryCommand(
      within(
        from,
        'timeout',
        '-s',
        'INT',
        String(SECONDS),
        'trafgen',
        '--in',
        file,
        '--out',
        from.device,
        '--cpus',
        '1',
      ),
      { signal },
    );
    const seconds = (performance.now() - begin) / 1000;
    return ((await received(to)) - before) / seconds;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Bits of one TCP connection in a second, in 10^9: by iperf3(1) where it is installed, else by a copy in Python. */
export async function gigabitsPerSecond(ends: Ends, signal: AbortSignal): Promise<number> {
  const { exitCode } = await tryCommand(['sh', '-c', 'command -v iperf3']);
  return exitCode === 0 ? iperf3(ends, signal) : copy(ends, signal);
}

/** Milliseconds until a measurement that gets nowhere is given up. */
const PATIENCE = 15_000;

async function iperf3({ from, to }: Ends, signal: AbortSignal): Promise<number> {
  const server = tryCommand(within(to, 'timeout', String(PATIENCE / 1000), 'iperf3', '-s', '-1'), {
    signal,
  });
  const client = within(from, 'iperf3', '-J', '-t', String(SECONDS), '-c', to.address);
  const end = performance.now() + PATIENCE;
  for (;;) {
    const { exitCode, stdout } = await tryCommand(client, { signal, timeout: PATIENCE });
    const answer = JSON.parse(stdout) as {
      error?: string;
      end?: { sum_received?: { bits_per_second: number } };
    };
    const bits = answer.end?.sum_received?.bits_per_second;
    if (exitCode === 0 && bits !== undefined) {
      await server;
      return bits / 1e9;
    }
    // The server may not listen yet.
    if (performance.now() > end) throw new Error(`iperf3: ${answer.error ?? 'no answer'}`);
    await delay(50, undefined, { signal });
  }
}

async function copy({ from, to }: Ends, signal: AbortSignal): Promise<number> {
  const python = (end: End, ...args: readonly string[]) =>
    runCommand(within(end, '/usr/bin/python3', COPY, ...args), { signal, timeout: PATIENCE });
  const [{ stdout }] = await Promise.all([
    python(to, 'serve'),
    python(from, 'send', to.address, String(SECONDS)),
  ]);
  return Number(stdout);
}
