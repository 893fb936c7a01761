import { u16 } from './bytes.js';
import { short, type Layers } from './layers.js';

/** PAUSE (IEEE 802.3, annex 31B) and priority-based flow control (annex 31D). */
export interface Pause {
  readonly kind: 'pause' | 'pfc';
  /** How long to be silent, in units of 512 bit times: one for PAUSE, one for each priority for PFC. */
  readonly quanta: readonly number[];
}

/** By opcode. `at` is where the quanta begin, after the opcode and, for PFC, the priorities that it enables. */
const OPCODES: Readonly<Record<number, Pick<Pause, 'kind'> & { at: number; count: number }>> = {
  0x0001: { kind: 'pause', at: 2, count: 1 },
  0x0101: { kind: 'pfc', at: 4, count: 8 },
};

/** MAC control frame: IEEE 802.3, clause 31. Other opcodes than those of flow control are left alone. */
export function decodeMacControl(bytes: Uint8Array): Layers {
  const opcode = u16(bytes, 0);
  if (opcode === undefined) return short('mac control', bytes, 2);
  const format = OPCODES[opcode];
  if (!format) return {};
  const { kind, at, count } = format;
  if (bytes.length < at + 2 * count) return short(kind, bytes, at + 2 * count);
  return {
    pause: { kind, quanta: Array.from({ length: count }, (_, i) => u16(bytes, at + 2 * i) ?? 0) },
  };
}
