import type { Host } from '../../apply/hosts/define.js';
import { commandFailed } from '../../apply/command.js';
import { appctl } from '../../own-switch.js';
import { VERSIONS } from '../../hops/openflow/flow.js';
import { parseFlow } from '../../hops/openflow/parse-flow.js';

/** The tables of a bridge of Open vSwitch as it says them itself: ovs-ofctl(8), ovs-vswitchd(8). */

/** A flow that a bridge has. */
export interface TableEntry {
  readonly table: number;
  readonly priority: number;
  /** Fields, as ovs-ofctl(8) has them; empty where it takes all. */
  readonly match: string;
  readonly actions: string;
  /** What it has matched so far. */
  readonly packets: number;
  readonly bytes: number;
}

/** What a bridge says that it would do with a frame. */
export interface Traced {
  /** The flows that decide, in their order; `null` where none of a table takes the frame. */
  readonly flows: readonly { readonly table: number; readonly match: string | null }[];
  /** What the datapath would be told to do, in its words. */
  readonly actions: string;
}

/** Where a bridge is. */
interface Place {
  readonly host: Host;
  readonly netns: string | undefined;
}

async function ask({ host, netns }: Place, argv: readonly string[]): Promise<string> {
  const result = await host.run({ argv, netns, timeout: 30_000 });
  if (result.exitCode !== 0) throw commandFailed(result);
  return result.stdout;
}

/** Read the tables of a bridge. @throws PatchlabError `command/failed` where it is not there */
export async function readTables(host: Place, bridge: string): Promise<readonly TableEntry[]> {
  const argv = ['ovs-ofctl', '-O', VERSIONS, '--names', 'dump-flows', bridge];
  return parseTables(await ask(host, argv));
}

/** Ask a bridge what it would do with octets that enter by a port; nothing is sent. */
export async function traceIn(
  host: Place,
  bridge: string,
  port: number,
  bytes: Uint8Array,
): Promise<Traced> {
  const hex = Buffer.from(bytes).toString('hex');
  const argv = appctl('ofproto/trace', '--names', bridge, `in_port=${port}`, hex);
  return parseTraced(await ask(host, argv));
}

/** Read what `ovs-ofctl dump-flows` prints. */
export const parseTables = (text: string): readonly TableEntry[] =>
  text.split('\n').flatMap((line) => {
    const [, packets, bytes] = /n_packets=(\d+), n_bytes=(\d+),/.exec(line) ?? [];
    const [, head = '', actions = ''] = /^(.*?)[ ,]*actions=(.*)$/.exec(line) ?? [];
    if (packets === undefined) return [];
    const { table, priority } = parseFlow(head.replaceAll(', ', ','));
    const last = head.split(', ').at(-1) ?? '';
    const fields = /^\w+=[\d.s]+$/.test(last) && /^n_|_age=/.test(last) ? '' : last;
    const match = fields.replace(/^priority=\d+,?/, '');
    return [{ table, priority, match, actions, packets: Number(packets), bytes: Number(bytes) }];
  });

/** Read what `ovs-appctl ofproto/trace` prints: a line for each flow with its table, and what comes of it at the end. */
export const parseTraced = (text: string): Traced => ({
  flows: Array.from(text.matchAll(/^\s*(\d+)\. (.*)$/gm), ([, table = '', what = '']) => ({
    table: Number(table),
    match: /^No match/.test(what) ? null : what,
  })),
  actions: /^Datapath actions: (.*)$/m.exec(text)?.[1] ?? '',
});
