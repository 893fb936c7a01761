import type { PreparedCheck } from '../../probes/prepare.js';
import { predictedOf } from '../../probes/predicted.js';
import { wrapText } from './text.js';

/** The checks that do not surely arrive for what an IP stack does, which no pair of devices shows, each with its reason. */
export function formatKept(checks: readonly PreparedCheck[], width: number): readonly string[] {
  const kept = checks.flatMap((check) => {
    const predicted = predictedOf(check);
    // A place where there is no device is a stack.
    if (predicted.outcome === 'pass' || predicted.at?.settings.noDevice !== true) return [];
    const { outcome, leg, at, cause } = predicted;
    const { kind, variant, check: asked } = check.probe;
    const probe = [kind, ...(variant === undefined ? [] : [`(${variant})`])].join(' ');
    const does = outcome === 'blocked' ? 'dies' : 'may die';
    return [
      '',
      `  ${probe} ${asked.from} > ${asked.to}: the ${leg} ${does} at ${at.label}`,
      wrapText('    reason: ', cause.reason, width),
      wrapText('    remedy: ', cause.remedy, width),
    ];
  });
  return kept.length === 0 ? [] : ['', 'Checks that an IP stack may end:', ...kept];
}

/** What the model says of each check, for machines. */
export const predictedJson = (checks: readonly PreparedCheck[]) =>
  checks.map((check) => {
    const { kind: probe, variant = null, check: asked } = check.probe;
    const { from, to, expect } = asked;
    const predicted = predictedOf(check);
    const said = { probe, variant, from, to, expect, outcome: predicted.outcome };
    if (predicted.outcome === 'pass')
      return { ...said, leg: null, at: null, reason: null, remedy: null, source: null };
    const { leg, at, cause } = predicted;
    const { reason, remedy, source } = cause;
    return { ...said, leg, at: at?.label ?? null, reason, remedy, source };
  });
