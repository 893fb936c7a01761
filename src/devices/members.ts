import { member, membership, type MemberState } from '../plan/resources/kinds/member.js';
import type { Resource } from '../plan/resources/define.js';
import type { DeviceContext, Mention } from './define.js';
import { parseLocal } from './local.js';

/** What devices that have others as members have in common. */

/** The members that it takes for itself. @param names - as its spec has them under `members` */
export const takeMembers = (names: readonly string[]): readonly Mention[] =>
  names.map((name, index) => ({ ...parseLocal(name), path: ['members', index] }));

interface Joining {
  /** Kind of the device that it joins, and how the spec names that. */
  readonly kind: string;
  readonly master: string;
  /** What is more to it than to join. */
  readonly more?: Omit<MemberState, 'device' | 'master'>;
  readonly why: string;
  /** What must be there before it joins, besides the two devices. */
  readonly needs?: readonly string[];
}

/** The resource that makes a device, as a spec names it, a member of another one. */
export function joinMaster(
  name: string,
  context: DeviceContext,
  { kind, master, more, why, needs }: Joining,
): Resource {
  const [self, port] = [parseLocal(master), parseLocal(name)];
  const { stack: _stack, ...place } = context.inside(self.namespace);
  const [home, hop] = [context.hopId(self), context.hopId(port)];
  return member.of({
    ...place,
    id: `${kind} ${home} ${port.name}`,
    wanted: { device: port.name, master: self.name, ...more },
    makes: [membership(hop)],
    in: [home, hop],
    ...{ needs, why },
  });
}
