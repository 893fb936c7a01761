import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { z } from 'zod';
import { topologyFile } from './cli.js';

/** The LLDP daemon lldpd(8), which shares no code with the ladvd that patchlab asks: a second opinion. */

const id = z.array(z.object({ type: z.string(), value: z.string() }));
const shapes = {
  neighbors: z.object({
    name: z.string(),
    chassis: z.array(z.object({ id })),
    port: z.array(z.object({ id })),
  }),
  statistics: z.object({
    name: z.string(),
    tx: z.array(z.object({ tx: z.coerce.number() })),
    rx: z.array(z.object({ rx: z.coerce.number() })),
  }),
};

/** Can lldpd be run here? */
export const hasLldpd = (): boolean => !execaSync('lldpd', ['-v'], { reject: false }).failed;

/**
 * Run lldpd in the network namespace of a node, sending once a second from every port. It has a /run of its own, for
 * the folder that it changes its root to and for its pid, and reads no configuration of this host.
 * @param folder - for its socket, which goes with it, and its configuration
 */
export async function startLldpd(lab: string, node: string, folder: string) {
  const netns = `${lab}.${node}`;
  const socket = join(folder, `${netns}.sock`);
  const config = await topologyFile(folder, 'lldpd.conf', 'configure lldp tx-interval 1\n');
  // lldpcli runs as a user of its own.
  await chmod(folder, 0o755);
  const daemon = execa(
    'ip',
    [
      ...['netns', 'exec', netns, 'sh', '-c', 'mount -t tmpfs -o mode=755 tmpfs /run && exec "$@"'],
      ...['sh', 'lldpd', '-d', '-u', socket, '-O', config],
    ],
    { reject: false, stdin: 'ignore' },
  );
  await once(daemon, 'spawn');

  async function show<W extends keyof typeof shapes>(what: W) {
    const args = ['-u', socket, '-f', 'json0', 'show', what];
    const { stdout } = await execa('lldpcli', args, { timeout: 60_000 });
    const shape = z.object({
      lldp: z.tuple([z.object({ interface: z.array(shapes[what]).default([]) })]),
    });
    return shape.parse(JSON.parse(stdout)).lldp[0].interface as z.output<(typeof shapes)[W]>[];
  }

  return {
    netns,
    /** How many frames each port has sent and heard. */
    statistics: async () =>
      (await show('statistics')).map(({ name, tx, rx }) => ({
        port: `${node}:${name}`,
        sent: tx[0]?.tx ?? 0,
        heard: rx[0]?.rx ?? 0,
      })),
    /** Whom each port hears: the chassis id and the port id, and of what type that is, as they were sent. */
    neighbours: async () =>
      (await show('neighbors')).map(({ name, chassis, port }) => ({
        at: `${node}:${name}`,
        chassis: chassis[0]?.id[0]?.value,
        port: port[0]?.id[0]?.value,
        type: port[0]?.id[0]?.type,
      })),
    /** End it. What it says by its exit code is its own matter: its two processes race to end. */
    stop: async () => {
      daemon.kill();
      await daemon;
    },
  };
}
