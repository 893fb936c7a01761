import { statSync } from 'node:fs';

/**
 * What tells a named network namespace from all others of this boot, also from one of the same name that came
 * later: number and birth of its inode in nsfs, which are held by the mount that `ip netns add` makes in
 * /run/netns. The kernel uses numbers again, but the time is that of the making, and nobody can set it.
 * @returns nothing where there is no such namespace
 */
export function namespaceId(name: string): string | undefined {
  const stat = statSync(`/run/netns/${name}`, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev}:${stat.ino}:${stat.mtimeNs}`;
}
