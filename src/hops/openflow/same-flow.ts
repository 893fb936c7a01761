import type { FlowRule } from './flow.js';

/** When two flows are the same one, however they are written. */

/** What tells a flow from all others of its bridge: of two alike there is the last. */
export const flowKey = ({ table, priority, match }: FlowRule): string =>
  JSON.stringify([
    ...[table, priority],
    ...[...new Set(match.map(({ field, value }) => `${field}=${plainNumber(value)}`))].sort(),
  ]);

const plainNumber = (value: string): string =>
  /^(0x[0-9a-f]+|\d+)$/.test(value) ? String(Number(value)) : value;

/** Do two flows do the same, as far as the model reads it? A tag that is pushed and at once named is one that is set. */
export const doSame = (one: Deeds, other: Deeds): boolean =>
  JSON.stringify(deedsOf(one)) === JSON.stringify(deedsOf(other));

/** A flow, or a bucket of a group. */
type Deeds = Pick<FlowRule, 'actions'>;

const deedsOf = ({ actions }: Deeds): readonly unknown[] =>
  actions
    .filter((action, at) => !(action.do === 'push-vlan' && actions[at + 1]?.do === 'set-vlan'))
    // How Open vSwitch writes what the model does not know is not known either.
    .map((action) => (action.do === 'unknown' ? 'unknown' : action));
