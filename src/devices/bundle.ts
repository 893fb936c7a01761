import { portEdge, type HopFragment, type HopSettings } from '../hops/types.js';
import type { BundleSettings } from '../hops/bundle-way.js';
import type { DeviceContext } from './define.js';
import { parseLocal } from './local.js';

/** What devices are alike in the file whose members stand in for each other: bonds and teams. */

interface Bundle<S extends BundleSettings> {
  readonly name: string;
  /** Kind of its hop. */
  readonly kind: string;
  readonly members: readonly string[];
  readonly mtu?: number | undefined;
  /** MAC of it and of its members. */
  readonly mac: string;
  /** The member that alone has that MAC; all have it when left out. */
  readonly bearer?: string | undefined;
  /** What the model reads besides. */
  readonly settings: (ids: readonly string[]) => Omit<S, keyof BundleSettings>;
}

/** The hop of one, its members as ports of it, and what it gives them: its MAC and MTU. */
export function bundleHops<S extends BundleSettings>(
  { name, kind, members, mtu = 1500, mac, bearer, settings }: Bundle<S>,
  context: DeviceContext,
): HopFragment {
  const idOf = (text: string): string => context.hopId(parseLocal(text));
  const ids = members.map(idOf);
  const hop = context.hop(parseLocal(name), kind, {
    mac,
    mtu,
    members: ids,
    ...settings(ids),
  });
  const isBearer = (id: string): boolean => bearer === undefined || id === idOf(bearer);
  const amended = (id: string): HopSettings => ({ ...(isBearer(id) && { mac }), mtu });
  return {
    hops: [hop],
    edges: ids.map((id) => portEdge(id, hop.id)),
    amends: Object.fromEntries(ids.map((id) => [id, amended(id)])),
  };
}
