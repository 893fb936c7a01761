import type { HopGraph } from '../hops/graph.js';
import type { Hop } from '../hops/types.js';
import { waysOf } from '../probes/prepare.js';
import { looksOf } from './table.js';
import type { Report, ReportCase, ResultVerdict } from './result.js';
import type { Testimony } from '../verify/kernel/testimony.js';
import { probeKind } from '../topology/kinds.js';
import { THIS_HOST } from '../topology/lab.js';

/** Frames that were lost, as a story: which one, how far it got, what came before it. */

/** A frame of a probe, in the order in which they are sent. */
export interface LossLeg {
  readonly name: string;
  readonly state: 'arrived' | 'lost' | 'never sent';
}

/** A hop on the way of a lost frame. */
export interface LossHop {
  readonly hop: ResultVerdict['hops'][number];
  /** Where it lies: before the place of death, there, or after it. */
  readonly part: 'travelled' | 'death' | 'beyond';
}

/** One lost frame; checks that lost the same frame at the same place are one loss. */
export interface Loss {
  /** Counted from 1, as drawing and text name it. */
  readonly number: number;
  /** All its checks have these hops, this outcome and this blame. */
  readonly verdict: ResultVerdict;
  /** Its reason names the owners of MAC addresses. */
  readonly blame: NonNullable<ResultVerdict['blame']>;
  readonly cases: readonly ReportCase[];
  /** Empty where the lab does not have the check. */
  readonly legs: readonly LossLeg[];
  readonly hops: readonly LossHop[];
  /** Does the topology want it lost? */
  readonly intended: boolean;
}

/** All lost frames of a report, in the order of its checks. */
export function lossesOf({ cases, graph }: Pick<Report, 'cases' | 'graph'>): readonly Loss[] {
  const owners = macOwners(graph);
  const groups = new Map<string, ReportCase[]>();
  for (const one of cases) {
    const { outcome, leg, hops, blame } = one.verdict;
    if (!blame) continue;
    const key = JSON.stringify([outcome, leg, hops, blame]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((same, index): Loss[] => {
    const [first] = same;
    const blame = first?.verdict.blame;
    if (!first || !blame) return [];
    const intended = first.verdict.outcome === 'pass';
    return [
      {
        number: index + 1,
        verdict: first.verdict,
        blame: {
          ...blame,
          reason: blame.reason && nameMacs(blame.reason, owners),
          // Nothing is to be mended where it is meant to be lost.
          remedy: intended ? null : blame.remedy,
        },
        cases: same,
        legs: longest(same.map((one) => legsOf(one, blame.leg))),
        hops: hopsOf(first.verdict, blame),
        intended,
      },
    ];
  });
}

/** Whose a MAC is, as a reader knows it: a device of a node before one of the host, which may have the same. */
function macOwners({ hops }: HopGraph): ReadonlyMap<string, string> {
  const all = [...hops.values()];
  const byRank = [...all.filter(isOnHost), ...all.filter((hop) => !isOnHost(hop))];
  return new Map(
    byRank.flatMap(({ settings, label }) =>
      settings.mac === undefined ? [] : [[settings.mac, label] as const],
    ),
  );
}

const isOnHost = ({ stack }: Hop): boolean => stack === THIS_HOST;

const nameMacs = (text: string, owners: ReadonlyMap<string, string>): string =>
  text.replaceAll(/\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/g, (mac) => {
    const owner = owners.get(mac);
    return owner === undefined ? mac : `${mac} [${owner}]`;
  });

/** The frames of a check. The lost one was sent, so those before it did their work. */
function legsOf({ check }: ReportCase, lost: string): readonly LossLeg[] {
  const names = check ? waysOf(check).map(({ name }) => name) : [];
  const at = names.indexOf(lost);
  return names.map((name, index) => ({
    name,
    state: index === at ? 'lost' : index < at ? 'arrived' : 'never sent',
  }));
}

const longest = (lists: readonly (readonly LossLeg[])[]): readonly LossLeg[] =>
  lists.reduce((best, list) => (list.length > best.length ? list : best), []);

function hopsOf({ hops }: ResultVerdict, { at }: Loss['blame']): readonly LossHop[] {
  const death = hops.findIndex(({ label }) => label === at);
  return hops.map((hop, index) => ({
    hop,
    part: index < death ? 'travelled' : index === death ? 'death' : 'beyond',
  }));
}

/** The loss of a verdict. */
export const lossOf = (losses: readonly Loss[], verdict: ResultVerdict): Loss | undefined =>
  losses.find(({ cases }) => cases.some((one) => one.verdict === verdict));

/** Was somebody asked, who says himself what is missing? */
const isAsked = ({ probe }: Pick<ResultVerdict, 'probe'>): boolean =>
  probeKind(probe).asks === true;

/** A loss by its number, as a title. */
export const titleOf = ({ number, blame, verdict }: Loss): string =>
  isAsked(verdict)
    ? `missing ${number}: ${blame.leg}, which dies at ${blame.at}`
    : looksOf(verdict.probe)
      ? `lost ${blame.leg} ${number}: ${blame.at} has none`
      : `lost frame ${number}: the ${blame.leg} died at ${blame.at}`;

/** What happened to a lost frame, in one or two sentences. */
export function storyOf({ verdict, blame, hops }: Loss): string {
  const [start, end] = [hops.at(0)?.hop.label ?? '', hops.at(-1)?.hop.label ?? ''];
  if (isAsked(verdict)) return verdict.message;
  if (looksOf(verdict.probe)) return `${end} has no ${blame.leg}: ${blame.at} keeps it from it.`;
  const frame = `The ${blame.leg} from ${start} to ${end}`;
  if (blame.lastSeen === null) return `${frame} was not even seen at ${blame.firstMissed}.`;
  const seen = `${frame} was last seen at ${blame.lastSeen}`;
  const altered = verdict.hops.find(({ label }) => label === blame.firstMissed)?.altered ?? null;
  if (altered !== null)
    return `${seen} as it should be, and came to ${blame.firstMissed} with ${altered}.`;
  if (blame.at === blame.lastSeen) return `${seen}, which did not hand it on.`;
  const silent = verdict.hops.find(({ label }) => label === blame.at)?.seen === null;
  return silent
    ? `${seen}. It entered ${blame.at} and did not come out at ${blame.firstMissed}.`
    : `${seen} and never at ${blame.firstMissed}, the next that could have seen it.`;
}

/** The function of the kernel that freed a packet, and the reason. */
export const freedIn = ({
  function: name,
  reason,
}: Pick<Testimony, 'function' | 'reason'>): string =>
  `\`${name}\`${reason === null ? '' : ` for ${reason}`}`;

/** What the kernel says of a drop, as a sentence. */
export const tellKernel = (said: Testimony): string =>
  `The kernel freed it in ${freedIn(said)}, after ${said.device} had it.`;
