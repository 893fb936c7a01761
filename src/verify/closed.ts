import { isClosed } from '../hops/closed.js';
import type { PreparedCheck } from '../probes/prepare.js';
import { predictedOf } from '../probes/predicted.js';
import type { Lab, Stack } from '../topology/lab.js';
import { hasInside } from '../topology/lab.js';
import { inWords } from './judge/judge.js';
import { verdictHop } from './judge/verdict-hop.js';
import type { Verdict } from './judge/verdict.js';

/** Checks that end in a guest without an agent: what is sent to it is seen on the host's side, and so is what it answers. */

/** Which stacks nobody can do anything in. */
type IsClosedStack = (stack: Pick<Stack, 'id'>) => boolean;

/** Of the stacks of a lab. */
export function closedStacks({ nodes }: Pick<Lab, 'nodes'>): IsClosedStack {
  const ids = new Set(
    nodes.flatMap((node) => (hasInside(node) ? [] : node.stacks.map(({ id }) => id))),
  );
  return ({ id }) => ids.has(id);
}

/** Why a check cannot be made; nothing where it can, at least as far as is seen from outside. */
export function whyNotMade(
  { probe, hops }: PreparedCheck,
  isShut: IsClosedStack,
): string | undefined {
  const { send, beside, server, state, question } = probe;
  const does = (one: { readonly stack: Stack } | undefined, what: string): string | undefined =>
    one && isShut(one.stack)
      ? `Nothing can ${what} inside ${one.stack.id}: it has no agent.`
      : undefined;
  const looked = state || question ? hops.find(isClosed) : undefined;
  return (
    does(send, 'be sent from') ??
    does(beside, 'run') ??
    does(server, 'listen') ??
    (looked && `Nobody can look inside ${looked.stack}: it has no agent.`)
  );
}

/** A check without what it would do inside closed stacks besides. */
export function fromOutside(check: PreparedCheck, isShut: IsClosedStack): PreparedCheck {
  const { witness, joins = [], before = [], ...probe } = check.probe;
  const isOpen = (one: { readonly stack: Stack }): boolean => !isShut(one.stack);
  return {
    ...check,
    probe: {
      ...probe,
      ...(witness && isOpen(witness) && { witness }),
      ...{ joins: joins.filter(isOpen), before: before.filter(isOpen) },
    },
  };
}

/** The verdict on a check that is not made. */
export function skipped(check: PreparedCheck, message: string): Verdict {
  const { probe, legs } = check;
  const [leg] = legs;
  return {
    ...{ probe: probe.kind, variant: probe.variant ?? null, at: probe.check.at ?? null, message },
    ...{ from: probe.check.from, to: probe.check.to, expect: probe.check.expect },
    ...{ outcome: 'skipped', predicted: inWords(predictedOf(check)), leg: leg?.name ?? '' },
    hops: (leg?.path ?? []).map((hop) => verdictHop(hop)),
    ...{ blame: null, overheard: null, surprise: null, ms: 0 },
  };
}
