import type { Verdict } from '../judge/verdict.js';
import type { FindingKind } from './define.js';

const arrived = ({ blame, outcome, hops }: Verdict): boolean =>
  outcome !== 'error' && blame === null && hops.at(-1)?.seen === true;

/** A frame of one class that goes one way only, though nothing that the model knows makes a difference. */
export const oneWayLink: FindingKind = {
  kind: 'one-way-link',
  doc: 'The same probe arrives in one direction between two places and not in the other, and the model knows of nothing that makes a difference.',
  find({ verdicts }) {
    const key = ({ probe, variant, from, to }: Verdict): string =>
      [probe, variant, from, to].join('\0');
    const byEnds = new Map(verdicts.map((verdict) => [key(verdict), verdict]));
    return verdicts.flatMap((lost) => {
      const back = byEnds.get(key({ ...lost, from: lost.to, to: lost.from }));
      if (!back || !arrived(back) || lost.blame === null || lost.outcome === 'error') return [];
      if (lost.predicted.outcome !== 'pass' || lost.outcome === 'pass') return [];
      return [
        {
          severity: 'error' as const,
          where: [lost.from, lost.to],
          what: `${lost.probe} goes from ${lost.to} to ${lost.from}, but not from ${lost.from} to ${lost.to}.`,
          why: `It was lost at ${lost.blame.firstMissed}, and the topology has nothing there that works in one direction only.`,
          fix: `Look for a filter, a flow or a rate limit at ${lost.blame.firstMissed} (tc(8), nft(8), ovs-ofctl(8) dump-flows).`,
        },
      ];
    });
  },
};
