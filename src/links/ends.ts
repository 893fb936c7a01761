import { z } from 'zod';
import { portRef, withSettings } from '../topology/fields.js';
import { portHint } from '../topology/hints.js';
import { isNamed, type LabLink } from '../topology/lab.js';
import type { Problem } from '../topology/problem.js';
import type { EndRef } from './define.js';

/** The ports of a link that is written `ends: [a, b]`. */
export const pairEnds = (ends: readonly string[]): readonly EndRef[] =>
  ends.map((ref, index) => ({ ref, path: ['ends', index] }));

/** Says what a cable is; between which ends, where its id does not. */
export const sayCable = (link: LabLink, what: string): string =>
  `${link.id}: ${what}${isNamed(link) ? ` ${link.ends.map(({ port }) => port.ref).join(' - ')}` : ''}`;

/** The same where an end may carry settings of its own. */
export const portEnds = (ends: readonly { readonly port: string }[]): readonly EndRef[] =>
  pairEnds(ends.map(({ port }) => port));

/** Each pair of a segment's ends hears each other. */
export function everyPair(ends: readonly unknown[]): readonly (readonly [number, number])[] {
  return ends.flatMap((_, a) => ends.slice(a + 1).map((__, i) => [a, a + 1 + i] as const));
}

/**
 * An end as `node:port`, or as an object with settings of that end.
 * @param shape - the settings, each with a default or optional
 */
export const endField = <S extends z.ZodRawShape>(shape: S) =>
  withSettings(portRef, shape, 'a port as `node:port`', portHint);

/** Port references inside a link that are none of its ends. */
export const notAnEnd = (
  ends: readonly { readonly port: string }[],
  mentions: readonly EndRef[],
): readonly Problem[] =>
  mentions
    .filter(({ ref }) => !ends.some(({ port }) => port === ref))
    .map(({ ref, path }) => ({
      code: 'topology/wrong-value',
      path,
      what: `${ref} is no end of this link.`,
      fix: `write one of ${ends.map(({ port }) => `\`${port}\``).join(', ')}`,
    }));

/** Ends whose device is left down, as if the plug were pulled. */
export const downField = z
  .array(portRef)
  .default([])
  .describe(
    'Ends whose device on the host (of a veth cable: the port itself) is left down, as if the plug were pulled',
  );

/** Problems with `down`: what is none of the link's ends. */
export const downProblems = (
  ends: readonly { readonly port: string }[],
  down: readonly string[],
): readonly Problem[] =>
  notAnEnd(
    ends,
    down.map((ref, index) => ({ ref, path: ['down', index] })),
  );
