import { nameClasses } from '../links/carries.js';
import type { Lab, LinkChoice } from '../topology/lab.js';

/** What became of a link that the file left to patchlab. */
export interface Chosen extends LinkChoice {
  /** Id of the link. */
  readonly link: string;
}

/** Each link of kind `auto` with what it became. */
export const choicesOf = (lab: Lab): readonly Chosen[] =>
  lab.links.flatMap(({ id, choice }) => (choice ? [{ link: id, ...choice }] : []));

const named = (kind: string, variant: string): string =>
  variant === 'plain' ? kind : `${kind} (${variant})`;

/** What each became and why, a line each, then why the cheaper ones were passed over. */
export const tellChoices = (lab: Lab): readonly string[] =>
  choicesOf(lab).flatMap(({ link, kind, variant, carries, passedOver }) => [
    `${link}: auto takes ${named(kind, variant)}, the cheapest that carries ${nameClasses(carries)} both ways`,
    ...passedOver.map((other) => `  not ${named(other.kind, other.variant)}: ${other.why}`),
  ]);
