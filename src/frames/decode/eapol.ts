import { u16 } from './bytes.js';
import { short, type Layers } from './layers.js';

/** EAP over LAN: IEEE 802.1X-2020, 11.3. */
export interface Eapol {
  readonly version: number;
  readonly type: EapolType | number;
  /** Bytes of the body. */
  readonly length: number;
}

const TYPES = ['eap', 'start', 'logoff', 'key', 'asf-alert', 'mka'] as const;
type EapolType = (typeof TYPES)[number];
const HEADER = 4;

/** EAPOL PDU: IEEE 802.1X-2020, 11.3. */
export function decodeEapol(bytes: Uint8Array): Layers {
  const [version = 0, type = 0] = bytes;
  if (bytes.length < HEADER) return short('eapol', bytes, HEADER);
  return { eapol: { version, type: TYPES[type] ?? type, length: u16(bytes, 2) ?? 0 } };
}
