import { customerTag, type Frame } from '../../frames/frame.js';
import { fits, unknownIn } from './match.js';
import type { FlowRule, FlowAction, ReservedPort } from './flow.js';
import type { GroupRule } from './group.js';

/** How a frame goes through the tables of a bridge: ovs-actions(7), OpenFlow 1.0 to 1.5. */

type Sending = { readonly do: 'output'; readonly port: number } | { readonly do: ReservedPort };

/** Something that is done with a frame as it is then. */
export interface Done {
  readonly action: Sending;
  readonly frame: Frame;
}

/** What the flows of a bridge do with a frame. */
export interface FlowDecision {
  readonly done: readonly Done[];
  /** The flows that decided, in their order. */
  readonly flows: readonly FlowRule[];
  /** The table in which no flow fits. */
  readonly missed: number | undefined;
  /** What the model does not know, so that nobody can say what becomes of the frame. */
  readonly unknown: string | undefined;
}

/** How deep tables may call each other (ofproto/ofproto-dpif-xlate.h, MAX_DEPTH). */
const DEPTH = 64;

class Unknown extends Error {}

/** What a bridge has beside its flows. */
export interface Groups {
  readonly groups: readonly GroupRule[];
  /** Is the port of that OpenFlow number up, with carrier? */
  readonly isLive: (port: number) => boolean;
}

interface Run extends Groups {
  readonly flows: readonly FlowRule[];
  readonly done: Done[];
  readonly used: FlowRule[];
  frame: Frame;
  missed: number | undefined;
}

/**
 * Let a frame go through the flows of a bridge. Pure.
 * @param port - OpenFlow number of the port that it enters by
 */
export function decide(
  flows: readonly FlowRule[],
  frame: Frame,
  port: number | undefined,
  { groups, isLive }: Groups = { groups: [], isLive: () => true },
): FlowDecision {
  const run: Run = { ...{ flows, groups, isLive, done: [], used: [] }, frame, missed: undefined };
  let unknown: string | undefined;
  try {
    inTable(run, 0, port, 0);
  } catch (error) {
    if (!(error instanceof Unknown)) throw error;
    unknown = error.message;
  }
  return { done: run.done, flows: run.used, missed: run.missed, unknown };
}

function inTable(run: Run, table: number, port: number | undefined, depth: number): void {
  if (depth > DEPTH) throw new Unknown(`its tables call each other more than ${DEPTH} deep`);
  const flow = flowFor(run, table, port);
  if (!flow) {
    run.missed ??= table;
    return;
  }
  run.used.push(flow);
  for (const action of flow.actions) act(run, action, table, port, depth);
}

/** Let a group have the frame. What its buckets change of it, neither other buckets nor what comes after the group see. */
function inGroup(run: Run, id: number, table: number, port: number | undefined, depth: number) {
  if (depth > DEPTH) throw new Unknown(`its groups call each other more than ${DEPTH} deep`);
  const group = run.groups.find((one) => one.id === id);
  if (!group) throw new Unknown(`a flow hands it to group ${id}`);
  const { frame } = run;
  for (const { actions } of chosenOf(run, group)) {
    for (const action of actions) act(run, action, table, port, depth + 1);
    run.frame = frame;
  }
}

/** The buckets of a group that are used: ofproto/ofproto-dpif-xlate.c, xlate_group_action__. */
function chosenOf({ isLive }: Run, { id, type, buckets }: GroupRule): GroupRule['buckets'] {
  if (type === 'all' || type === 'indirect') return buckets;
  if (buckets.some(({ group }) => group !== undefined))
    throw new Unknown(`a bucket of group ${id} is alive with another group`);
  const alive = buckets.filter(({ port }) => port === undefined || isLive(port));
  if (type === 'ff') return alive.slice(0, 1);
  const weighty = alive.filter(({ weight = 1 }) => weight > 0);
  if (weighty.length > 1)
    throw new Unknown(`group ${id} selects one of ${weighty.length} buckets by a hash`);
  return weighty;
}

/** The flow that decides: the one of the highest priority that fits. Of several of one priority OpenFlow leaves open which. */
function flowFor(run: Run, table: number, port: number | undefined): FlowRule | undefined {
  const own = run.flows
    .filter((flow) => flow.table === table)
    .toSorted((a, b) => b.priority - a.priority);
  const candidates = own.filter((flow) => fits(flow.match, run.frame, port) !== false);
  const best = candidates.filter(({ priority }) => priority === candidates[0]?.priority);
  for (const flow of best) {
    const field = unknownIn(flow.match, run.frame, port);
    if (field) throw new Unknown(`the flow \`${flow.text}\` asks for ${field.field}`);
  }
  if (best.length > 1)
    throw new Unknown(
      `two flows of priority ${best[0]?.priority} fit: \`${best[0]?.text}\` and \`${best[1]?.text}\``,
    );
  return best[0];
}

function act(
  run: Run,
  action: FlowAction,
  table: number,
  port: number | undefined,
  depth: number,
): void {
  const { vlans } = run.frame;
  if (action.do === 'unknown') throw new Unknown(`a flow has the action \`${action.text}\``);
  if (action.do === 'group') inGroup(run, action.id, table, port, depth);
  else if (action.do === 'table')
    inTable(run, action.table ?? table, action.port ?? port, depth + 1);
  else if (action.do === 'set-vlan') {
    const set =
      action.id === undefined
        ? vlans.slice(1)
        : [{ ...(vlans[0] ?? customerTag(0)), id: action.id }, ...vlans.slice(1)];
    run.frame = { ...run.frame, vlans: set };
  } else if (action.do === 'push-vlan') {
    run.frame = { ...run.frame, vlans: [{ tpid: action.tpid, id: 0, priority: 0 }, ...vlans] };
  } else if (action.do === 'set-mac') run.frame = { ...run.frame, [action.which]: action.mac };
  else if (action.do !== 'drop' && action.do !== 'controller')
    run.done.push({ action, frame: run.frame });
}
