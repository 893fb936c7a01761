import type { z } from 'zod';
import { ENCAPSULATIONS } from '../frames/encapsulation.js';
import { familyOf } from '../topology/address.js';
import { address, numberOf, type Tunnel } from './tunnel.js';

/** What GRE is like, over IPv4 and over IPv6, and tunnels of IPv4 without it. */

/** Fields of a tunnel between two addresses. @param fields - of tunnels of its sort */
export const endsOf = <F extends { readonly local: z.ZodType }>(family: 4 | 6, fields: F) => {
  const end = address.refine((ip) => familyOf(ip) === family, {
    error: `write an IPv${family} address: over IPv${family === 4 ? 6 : 4} it is another kind`,
  });
  return {
    ...fields,
    local: end.optional().describe(fields.local.description ?? ''),
    remote: end.describe('Address of the other end'),
  };
};

/** The number that GRE may have besides. */
export const greKey = {
  key: numberOf(32)
    .optional()
    .describe('Number that tells tunnels between the same two ends apart; both ends have the same'),
};

interface Ends {
  readonly name: string;
  readonly key?: number | undefined;
  readonly remote: string;
}

/** What is told of it. @param more - in the words of ip-link(8) */
export const tunnelBetween = (
  { kind, by, source }: Pick<Tunnel, 'kind' | 'by' | 'source'>,
  { name, key, remote }: Ends,
  more: Readonly<Record<string, string>> = {},
): Tunnel => ({
  ...{ kind, by, id: key, port: undefined, learning: false, isOpen: false },
  ...{ remotes: [remote], entries: {}, source },
  options: { remote, ...(key !== undefined && { key: String(key) }), ...more },
  why: `${name}: ${ENCAPSULATIONS[by].title} to ${remote}${key === undefined ? '' : `, key ${key}`}`,
});
