import type { PreparedCheck } from '../../probes/prepare.js';

/**
 * Checks that may run at once: those of one wave share no neighbour table and send nothing that a
 * check of the same wave could take for its own.
 */
export function inWaves(checks: readonly PreparedCheck[]): readonly (readonly PreparedCheck[])[] {
  const waves: { readonly used: Set<string>; readonly checks: PreparedCheck[] }[] = [];
  for (const check of checks) {
    const { uses } = check.probe;
    let wave = waves.find(({ used }) => !uses.some((name) => used.has(name)));
    if (!wave) waves.push((wave = { used: new Set(), checks: [] }));
    for (const name of uses) wave.used.add(name);
    wave.checks.push(check);
  }
  return waves.map((wave) => wave.checks);
}
