import { createPrivateKey, createPublicKey, hash } from 'node:crypto';

/** Keys of WireGuard: of Curve25519 (RFC 7748), written in base64. */

/** Before the 32 octets of a private key: PKCS #8 with the algorithm X25519 (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** A private key that whoever knows the names can derive as well: it keeps nothing secret. @param parts - names of lab, stack and device */
export function derivedKey(...parts: readonly string[]): string {
  const key = hash('sha256', ['wireguard', ...parts].join('\0'), 'buffer');
  // As every program makes them: RFC 7748, 5, decodeScalar25519.
  key[0] = (key[0] ?? 0) & 248;
  key[31] = ((key[31] ?? 0) & 127) | 64;
  return key.toString('base64');
}

/** The public key of a private one. */
export function publicKeyOf(key: string): string {
  const der = Buffer.concat([PKCS8, Buffer.from(key, 'base64')]);
  const { x = '' } = createPublicKey(
    createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
  ).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('base64');
}

/** What tells a secret apart without giving it away. */
export const fingerprint = (secret: string): string => hash('sha256', secret).slice(0, 16);
