import { z } from 'zod';
import type { Hop } from '../../hops/types.js';
import type { Wiring } from '../../plan/wire.js';
import { localHost } from '../hosts/local.js';
import { deviceState, type WatchedState } from './lines.js';

/** The devices of a lab as they are. */

/** Frames since a device was made, as the kernel counts them (`struct rtnl_link_stats64`). */
interface Counters {
  readonly received: number;
  readonly sent: number;
  /** Received or to be sent, and not kept. */
  readonly dropped: number;
}

/** A device of the lab as it is. */
export interface WatchedDevice {
  readonly hop: Hop;
  /** The link that it belongs to. */
  readonly link: string | undefined;
  readonly state: WatchedState;
  readonly counters: Counters | undefined;
}

/** A namespace of this machine; nothing for the machine's own. */
export type Namespace = string | undefined;

/** A device by its namespace and its name. */
export const keyOf = (namespace: Namespace, device: string): string =>
  `${namespace ?? ''}/${device}`;

/** The link of each hop that is of one: devices that it makes, and the ports at its ends. */
export function linksOf({ links }: Wiring, hops: readonly Hop[]): ReadonlyMap<string, string> {
  const byPort = new Map(
    links.flatMap(({ link }) => link.ends.map(({ port }) => [port.ref, link.id] as const)),
  );
  const atEnds = hops.flatMap(({ id, label }) => {
    const link = byPort.get(label);
    return link === undefined ? [] : [[id, link] as const];
  });
  const made = links.flatMap(({ link, plan }) =>
    plan.hops.hops.map(({ id }) => [id, link.id] as const),
  );
  return new Map([...made, ...atEnds]);
}

/** Words by which ip(8) goes into a namespace. */
export const inside = (namespace: Namespace): readonly string[] =>
  namespace === undefined ? [] : ['-n', namespace];

const listed = z.array(
  z.looseObject({
    ifname: z.string(),
    flags: z.array(z.string()),
    stats64: z.object({
      rx: z.looseObject({ packets: z.number(), dropped: z.number() }),
      tx: z.looseObject({ packets: z.number(), dropped: z.number() }),
    }),
  }),
);

/** All devices as they are now. */
export async function readDevices(
  byKey: ReadonlyMap<string, Hop>,
  linkOf: ReadonlyMap<string, string>,
): Promise<readonly WatchedDevice[]> {
  const namespaces = [...new Set([...byKey.values()].map(({ where }) => where.netns))];
  const found = new Map<string, z.infer<typeof listed>[number]>();
  await Promise.all(
    namespaces.map(async (namespace) => {
      const argv = ['ip', ...inside(namespace), '-j', '-s', 'link', 'show'];
      const { stdout, exitCode } = await localHost.run({ argv });
      if (exitCode !== 0) return;
      for (const one of listed.parse(JSON.parse(stdout)))
        found.set(keyOf(namespace, one.ifname), one);
    }),
  );
  return Array.from(byKey, ([key, hop]) => {
    const one = found.get(key);
    return {
      hop,
      link: linkOf.get(hop.id),
      state: one ? deviceState(one.flags) : 'gone',
      counters: one && {
        received: one.stats64.rx.packets,
        sent: one.stats64.tx.packets,
        dropped: one.stats64.rx.dropped + one.stats64.tx.dropped,
      },
    };
  });
}
