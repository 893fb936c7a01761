import { familyOf } from '../topology/address.js';
import { address, numberOf, tunnelFields, type Tunnel } from './tunnel.js';

/** What Ethernet in GRE is like over IPv4 and over IPv6. */

/** Fields of such a device. */
export const greFields = (family: 4 | 6, overhead: string) => {
  const other = `write an IPv${family} address: over IPv${family === 4 ? 6 : 4} it is another kind`;
  const isOf = (ip: string): boolean => familyOf(ip) === family;
  const fields = tunnelFields(overhead);
  return {
    ...fields,
    local: address
      .refine(isOf, { error: other })
      .optional()
      .describe(fields.local.description ?? ''),
    remote: address.refine(isOf, { error: other }).describe('Address of the other end'),
    key: numberOf(32)
      .optional()
      .describe(
        'Number that tells tunnels between the same two ends apart; both ends have the same',
      ),
  };
};

/** What is told of it. @param more - in the words of ip-link(8) */
export const greTunnel = (
  kind: string,
  {
    name,
    key,
    remote,
  }: { readonly name: string; readonly key?: number | undefined; readonly remote: string },
  source: string,
  more: Readonly<Record<string, string>> = {},
): Tunnel => ({
  ...{ kind, by: 'gretap', id: key, port: undefined, learning: false, isOpen: false },
  ...{ remotes: [remote], entries: {}, source },
  options: { remote, ...(key !== undefined && { key: String(key) }), ...more },
  why: `${name}: GRE to ${remote}${key === undefined ? '' : `, key ${key}`}`,
});
