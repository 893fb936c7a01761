import { predictedOf } from '../../probes/predicted.js';
import type { PreparedCheck } from '../../probes/prepare.js';
import type { Named, Reply } from '../../probes/inquiry.js';
import type { Incident } from './causes/define.js';
import { findStateCause } from './causes/index.js';
import { inWords } from './judge.js';
import { verdictHop } from './verdict-hop.js';
import type { Blame, Verdict } from './verdict.js';

/** How devices really are; nothing where nobody has looked. */
type Looked = Pick<Incident, 'stackOf' | 'gone'>;

/** Why what was told of did not come to be: by the model, else by the state of the devices on its way. */
function blameFor({ name, path, prediction }: Named, looked: Looked): Blame {
  const last = path.length - 1;
  const label = (at: number): string => path[at]?.label ?? '';
  if (prediction.outcome !== 'pass') {
    const { reason, remedy, source, at } = prediction;
    return {
      ...{ leg: name, lastSeen: null, firstMissed: label(last), at: label(at) },
      ...{ reason, remedy, source, predicted: true },
    };
  }
  const found = findStateCause({ ...looked, path, lastSeen: 0, firstMissed: last });
  return {
    ...{ leg: name, lastSeen: null, firstMissed: label(last) },
    at: found?.at.label ?? label(last),
    ...{ reason: found?.reason ?? null, remedy: found?.remedy ?? null },
    ...{ source: found?.source ?? null, predicted: false },
  };
}

/** Is the model, or the lab, known to be wrong by what somebody said? */
const surpriseOf = ({ surprise }: Reply, blame: Blame | null): string | null => {
  if (surprise === undefined || typeof blame?.reason !== 'string') return surprise ?? null;
  return `The lab is not as its file says: ${blame.reason}`;
};

/** What somebody said who was asked, as a verdict. Pure. */
export function judgeTold(check: PreparedCheck, told: Reply, looked: Looked, ms: number): Verdict {
  const { kind, variant = null, check: asked } = check.probe;
  const { from, to, expect } = asked;
  const blame = told.outcome === 'fail' && told.lost ? blameFor(told.lost, looked) : null;
  return {
    ...{ probe: kind, variant, from, to, expect, at: null, overheard: null },
    outcome: told.outcome,
    predicted: inWords(predictedOf(check)),
    leg: told.lost?.name ?? kind,
    hops: (told.lost?.path ?? []).map((hop) => verdictHop(hop)),
    blame,
    message: told.message,
    surprise: told.outcome === 'error' ? null : surpriseOf(told, blame),
    ms,
  };
}
