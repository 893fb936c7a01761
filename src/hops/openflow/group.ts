import { parseActions } from './parse-flow.js';
import type { FlowAction } from './flow.js';
import { doSame } from './same-flow.js';

/** Groups of OpenFlow as the model reads them: ovs-ofctl(8) `Group Syntax`, OpenFlow 1.3, 5.6. */

/** What of several buckets is done: each (`all`), the only one (`indirect`), one by a hash (`select`), the first that is alive (`ff`, fast failover). */
export const GROUP_TYPES = ['all', 'select', 'indirect', 'ff'] as const;

interface Bucket {
  readonly actions: readonly FlowAction[];
  /** OpenFlow number of the port that it is alive with. */
  readonly port: number | undefined;
  /** The group that it is alive with. */
  readonly group: number | undefined;
  /** Its share, in a group of type select; 1 when left out. */
  readonly weight: number | undefined;
}

/** A group. */
export interface GroupRule {
  readonly id: number;
  readonly type: (typeof GROUP_TYPES)[number];
  readonly buckets: readonly Bucket[];
}

type Numbers = (name: string) => number | undefined;

/** `NAME=VALUE` of a group before its buckets, `NAME:VALUE` of a bucket before its actions. */
const setting = (text: string, name: string): string | undefined =>
  new RegExp(`(?:^|[\\s,])${name}[=:]([^\\s,]+)`, 'i').exec(text)?.[1];

/** Settings of a bucket, then its actions: what is no setting is an action already. */
const BUCKET =
  /^((?:(?:bucket_id|weight|watch_port|watch_group)[:=][^\s,]+[\s,]*)*)(?:actions?=)?(.*)$/i;

/** What a group is before its buckets, and settings and actions of each, apart. */
export function splitGroup(text: string) {
  const [head = '', ...buckets] = text.trim().split(/[\s,]*(?<![\w-])buckets?=/);
  return {
    head,
    buckets: buckets.map((bucket) => {
      const [, settings = '', actions = ''] = BUCKET.exec(bucket) ?? [];
      return { settings, actions: actions === '' ? 'drop' : actions };
    }),
  };
}

/**
 * Read a group as ovs-ofctl(8) takes and tells it. Pure.
 * @param numberOf - the OpenFlow number of a port by its name
 * @returns nothing where it has no number, or is of no type that there is
 */
export function parseGroup(
  text: string,
  numberOf: Numbers = () => undefined,
): GroupRule | undefined {
  const { head, buckets } = splitGroup(text);
  const id = Number(setting(head, 'group_id'));
  const written = setting(head, 'type')?.toLowerCase().replace('fast_failover', 'ff');
  const type = GROUP_TYPES.find((one) => one === written);
  if (!Number.isInteger(id) || !type) return undefined;
  return {
    ...{ id, type },
    buckets: buckets.map(({ settings, actions }): Bucket => {
      const number = (name: string): number | undefined => {
        const written = setting(settings, name);
        return written === undefined ? undefined : (numberOf(written) ?? Number(written));
      };
      return {
        actions: parseActions(actions, numberOf),
        port: number('watch_port'),
        group: number('watch_group'),
        weight: number('weight'),
      };
    }),
  };
}

/** Are they alike, as far as the model reads them? */
export const sameGroup = (one: GroupRule, other: GroupRule): boolean =>
  one.id === other.id &&
  one.type === other.type &&
  one.buckets.length === other.buckets.length &&
  one.buckets.every((bucket, at) => {
    const same = other.buckets[at];
    return (
      same !== undefined &&
      bucket.port === same.port &&
      bucket.group === same.group &&
      (bucket.weight ?? 1) === (same.weight ?? 1) &&
      doSame(bucket, same)
    );
  });

/** The groups that actions hand frames to. */
export const groupsIn = (actions: readonly FlowAction[]): readonly number[] =>
  actions.flatMap((action) => (action.do === 'group' ? [action.id] : []));
