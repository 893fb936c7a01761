import { z } from 'zod';

/** Amounts that are written with their units. */

/** A time; milliseconds afterwards. */
export const durationField = z
  .string({ error: 'write a time with its unit, such as `20ms` or `1s`' })
  .regex(/^\d+(\.\d+)?(us|ms|s)$/, { error: 'write a time with its unit, such as `20ms` or `1s`' })
  .transform((text) => Number.parseFloat(text) * (UNITS[text.replace(/^[\d.]+/, '')] ?? 1));

const PERCENT = 'write a share in percent, such as `10%`';

/** A share of a hundred; the number afterwards. */
export const percentField = z
  .string({ error: PERCENT })
  .regex(/^\d+(\.\d+)?%$/, { error: PERCENT })
  .transform((text) => Number.parseFloat(text))
  .refine((share) => share <= 100, { error: 'write a share of at most `100%`' });

const RATE =
  'write a rate in bits per second with its unit, such as `10Mbit` (`kbit`, `Mbit`, `Gbit`), at least `1kbit`';

/** A rate; bits per second afterwards. */
export const rateField = z
  .string({ error: RATE })
  .regex(/^\d+(\.\d+)?[kMG]bit$/, { error: RATE })
  .transform((text) => Math.round(Number.parseFloat(text) * (BITS[text.at(-4) ?? ''] ?? 1)))
  .refine((rate) => rate >= 1000, { error: RATE });

/** Bits of a prefix. */
const BITS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9 };

/** Milliseconds of a unit. */
const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };
