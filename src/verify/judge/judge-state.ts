import { causeBetween } from '../../hops/predict.js';
import type { Hop } from '../../hops/types.js';
import { predictedOf } from '../../probes/predicted.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import type { State } from '../../probes/define.js';
import { probeKind } from '../../topology/kinds.js';
import type { Incident } from './causes/define.js';
import { findStateCause } from './causes/index.js';
import { inWords } from './judge.js';
import { verdictHop } from './verdict-hop.js';
import type { Blame, Verdict } from './verdict.js';

/** How devices really are. */
type Looked = Pick<Incident, 'stackOf' | 'gone'>;

/** What each device on the way is seen to have; nothing where nobody could look. */
const seenOf = (
  { path, holds }: State,
  { stackOf }: Pick<Looked, 'stackOf'>,
): readonly (boolean | undefined)[] =>
  path.map((hop, index) => {
    const stack = stackOf(hop);
    const device = stack?.devices.get(hop.device);
    return device ? holds(index, device) : stack && false;
  });

/** Is it as the model has it? What it hangs on needs some time to tell. */
export const isAsPredicted = (check: PreparedCheck, looked: Pick<Looked, 'stackOf'>): boolean =>
  check.probe.state === undefined ||
  seenOf(check.probe.state, looked).at(-1) === (predictedOf(check).outcome === 'pass');

function blameFor(
  { name, path, prediction }: State,
  seen: readonly (boolean | undefined)[],
  looked: Looked,
): Blame {
  const lastSeen = seen.lastIndexOf(true);
  const firstMissed = seen.indexOf(false, lastSeen + 1);
  const known = causeBetween(prediction, lastSeen, firstMissed);
  const found = known ? undefined : findStateCause({ ...looked, path, lastSeen, firstMissed });
  const label = (at: number): string => path[at]?.label ?? '';
  const cause = known ?? found;
  return {
    leg: name,
    lastSeen: lastSeen < 0 ? null : label(lastSeen),
    firstMissed: label(firstMissed),
    at: known ? label(known.at) : (found?.at.label ?? label(firstMissed)),
    ...{ reason: cause?.reason ?? null, remedy: cause?.remedy ?? null },
    ...{ source: cause?.source ?? null, predicted: known !== undefined },
  };
}

/** Where model and kernel differ, as a sentence. */
function surpriseOf(
  check: PreparedCheck,
  at: Hop | undefined,
  has: boolean,
  blame: Blame | null,
): string | null {
  const predicted = predictedOf(check);
  if (has && predicted.outcome !== 'pass')
    return `The model says that ${at?.label} has no ${blame?.leg ?? 'carrier'} (${predicted.cause.reason}), but it has: the model or the kernel is wrong.`;
  if (has || blame?.predicted === true) return null;
  return blame?.reason === null || !blame
    ? 'The model knows of nothing that would take it: something outside the topology does, or the model is wrong.'
    : `The lab is not as its file says: ${blame.reason}`;
}

/** Compare what is intended of a device, what the model predicts and how it is. Pure. */
export function judgeState(check: PreparedCheck, state: State, looked: Looked): Verdict {
  const { probe } = check;
  const { expect, from, to } = probe.check;
  const seen = seenOf(state, looked);
  const at = state.path.at(-1);
  const has = seen.at(-1);
  const blame = has === false ? blameFor(state, seen, looked) : null;
  const words = probeKind(probe.kind).looks;
  const isMet = has === (expect === 'pass');
  const is = `${at?.label} has ${has === true ? state.name : `no ${state.name}`}`;
  return {
    ...{ probe: probe.kind, variant: null, from, to, expect, at: null, overheard: null },
    outcome: has === undefined ? 'error' : isMet ? 'pass' : 'fail',
    predicted: inWords(predictedOf(check)),
    leg: state.name,
    hops: state.path.map((hop, index) => verdictHop(hop, { seen: seen[index] })),
    blame,
    message:
      has === undefined
        ? `${at?.stack} cannot be looked at.`
        : isMet
          ? `${is}.`
          : `${is}, and must be ${words?.[expect]}.`,
    surprise: has === undefined ? null : surpriseOf(check, at, has, blame),
    ms: 0,
  };
}
