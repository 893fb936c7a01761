import type { Hosts } from '../../apply/hosts/define.js';
import { PatchlabError } from '../../errors.js';
import { isAt } from '../capture/look.js';
import type { Hop } from '../../hops/types.js';
import type { Wiring } from '../../plan/wire.js';
import { nearest } from '../../probes/nearest.js';
import { prepareOne } from '../../probes/prepare.js';
import type { Check, Lab } from '../../topology/lab.js';
import { fixOf } from '../../topology/problem.js';
import { explain } from '../judge/explain.js';
import { describeFrame, type SeenFrame } from '../../frames/decode.js';
import { testified, type AskKernel } from '../kernel/testify.js';
import { withJoins } from './joins.js';
import { observe, type Evidence } from './observe.js';
import type { Verdict, VerdictHop } from '../judge/verdict.js';

/** A hop of a traced frame. */
export interface TraceHop extends VerdictHop {
  /**
   * Microseconds since the first capture of the frame on the same machine (`host`): the clocks of two machines cannot be
   * compared. `null` where it was not seen.
   */
  readonly us: number | null;
  /** What it looked like here, as tcpdump would put it; `null` where it was not seen. */
  readonly frame: string | null;
}

/** One frame, hop by hop. */
export interface Trace {
  readonly from: string;
  readonly to: string;
  /** What was sent: `LACPDU`. */
  readonly sent: string;
  readonly arrived: boolean | null;
  readonly hops: readonly TraceHop[];
  readonly blame: Verdict['blame'];
  readonly predicted: Verdict['predicted'];
  /** Where model and kernel differ; else `null`. */
  readonly surprise: string | null;
  /** Why it could not be found out; else `null`. */
  readonly error: string | null;
}

/**
 * Send one frame once and follow it.
 * @param check - its `from` and `to` may leave the device out: the two devices with the shortest way between them are taken
 * @throws PatchlabError where no way leads from one to the other
 */
export async function traceFrame(
  lab: Lab,
  wiring: Wiring,
  hosts: Hosts,
  check: Check,
  options: { readonly signal?: AbortSignal; readonly kernel?: AskKernel | undefined } = {},
): Promise<Trace> {
  const { model } = wiring;
  const [from, to] = nearest(model.graph, check.from, check.to);
  const prepared = prepareOne(lab, model, { ...check, from, to });
  if (!('probe' in prepared))
    throw new PatchlabError(prepared.code, { ...prepared, fix: fixOf(prepared) });
  const checks = [prepared];
  const {
    evidence,
    verdicts: [verdict],
  } = await testified(options.kernel, checks, hosts, async () => {
    const evidence = await withJoins(checks, hosts, () =>
      observe(checks, hosts, { ...options, attempts: 1 }),
    );
    return { evidence, verdicts: await explain(lab, model, checks, evidence, hosts) };
  });
  if (!verdict) throw new RangeError('the check was not observed');
  const { course = 0 } = evidence.observations[0] ?? {};
  const leg = prepared.probe.courses[course]?.at(-1);
  const sights = (leg?.path ?? []).map((hop, index) =>
    firstSight(hop, evidence.captures, (bytes) => leg && isAt(leg, index, bytes)),
  );
  const unknown = verdict.outcome === 'error';
  return {
    from,
    to,
    sent: verdict.leg,
    arrived: unknown ? null : verdict.blame === null,
    hops: withTimes(verdict.hops, sights),
    blame: verdict.blame,
    predicted: verdict.predicted,
    surprise: verdict.surprise,
    error: unknown ? verdict.message : null,
  };
}

interface Sight {
  /** Seconds since the epoch, by the clock of its machine. */
  readonly time: number;
  readonly frame: string;
}

/** The first time that a frame was captured at a hop. */
function firstSight(
  { id }: Hop,
  captures: Evidence['captures'],
  matches: (frame: SeenFrame) => boolean | undefined,
): Sight | undefined {
  const { frames = [], decoded = [] } = captures.find(({ hop }) => hop.id === id) ?? {};
  const at = decoded.findIndex(matches);
  const [captured, frame] = [frames[at], decoded[at]];
  return captured && frame && { time: captured.time, frame: describeFrame(frame) };
}

function withTimes(
  hops: readonly VerdictHop[],
  sights: readonly (Sight | undefined)[],
): readonly TraceHop[] {
  const first = new Map<string, number>();
  hops.forEach(({ host }, index) => {
    const time = sights[index]?.time;
    if (time !== undefined) first.set(host, Math.min(time, first.get(host) ?? Infinity));
  });
  return hops.map((hop, index) => {
    const sight = sights[index];
    const begin = first.get(hop.host);
    const us = sight && begin !== undefined ? Math.round((sight.time - begin) * 1e6) : null;
    return { ...hop, us, frame: sight?.frame ?? null };
  });
}
