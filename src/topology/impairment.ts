import { z } from 'zod';
import { durationField, percentField, rateField } from './amounts.js';

/** What becomes of frames that a device sends: tc-netem(8). What is left out is as it is without. */
export interface Impairment {
  /** Milliseconds. */
  readonly delay?: number | undefined;
  /** Milliseconds that the delay may be more or less. */
  readonly jitter?: number | undefined;
  /** Of a hundred frames, as the other shares are. */
  readonly loss?: number | undefined;
  /** Bits in a second. */
  readonly rate?: number | undefined;
  readonly duplicate?: number | undefined;
  readonly reorder?: number | undefined;
  readonly corrupt?: number | undefined;
}

export type ImpairmentKey = keyof Impairment;

/** The fields of an impairment, as a file and the command line have them. */
export const impairmentFields = {
  delay: durationField.optional().describe('Time that each frame waits, such as `20ms`'),
  jitter: durationField
    .optional()
    .describe(
      'How much longer or shorter than `delay` that may be; each frame by itself, so that one may overtake another',
    ),
  loss: percentField.optional().describe('Share of frames that are thrown away, such as `10%`'),
  rate: rateField.optional().describe('Bits that leave in a second, such as `10Mbit`'),
  duplicate: percentField.optional().describe('Share of frames that are sent twice'),
  reorder: percentField
    .optional()
    .describe('Share of frames that do not wait for `delay`, and so come before others'),
  corrupt: percentField.optional().describe('Share of frames in which one bit is turned over'),
};

const KEYS = Object.keys(impairmentFields) as readonly ImpairmentKey[];

const ofOneEnd = z.strictObject(impairmentFields, {
  error: ({ code }) =>
    code === 'invalid_type'
      ? `write what one end does as a mapping, such as \`sw1:eth1: { delay: 20ms }\`; what all ends do has keys of ${KEYS.join(', ')}`
      : undefined,
});

/** The field that every link kind has: what all its ends do, and by its port what one of them does. */
export const impairField = z
  .object(impairmentFields)
  .catchall(ofOneEnd)
  .optional()
  .describe(
    'What becomes of frames that its ends send, each direction by itself: `{ delay: 20ms, loss: 10% }` for all ends, `{ sw1:eth1: { rate: 10Mbit } }` for one, which counts before what is said for all',
  );

/** The field as it is read. */
export type WrittenImpairments = z.output<typeof impairField>;

const units = (value: number, all: readonly (readonly [string, number])[]): string => {
  const [unit, size] = all.find(([, size]) => value % size === 0) ?? ['', 1];
  return `${value / size}${unit}`;
};

/** A rate as tc(8) takes it: `10Mbit`. */
export const rateText = (rate: number): string =>
  units(rate, [
    ['Gbit', 1e9],
    ['Mbit', 1e6],
    ['kbit', 1e3],
    ['bit', 1],
  ]);

/** How the values are written; tc(8) takes them so, too. */
export const impairmentTexts: Readonly<Record<ImpairmentKey, (value: number) => string>> = {
  delay: (ms) => `${ms}ms`,
  jitter: (ms) => `${ms}ms`,
  loss: (share) => `${share}%`,
  rate: rateText,
  duplicate: (share) => `${share}%`,
  reorder: (share) => `${share}%`,
  corrupt: (share) => `${share}%`,
};

/** Only what does something, in one order. */
const plain = (impairment: Impairment): Impairment =>
  Object.fromEntries(
    KEYS.flatMap((key) => {
      const value = impairment[key] ?? 0;
      return value > 0 ? [[key, value]] : [];
    }),
  );

/** Several as one, of which the later count; nothing that does nothing is in it. */
export const joinImpairments = (...all: readonly Impairment[]): Impairment =>
  plain(Object.assign({}, ...all) as Impairment);

/** Does it nothing? */
export const isUnimpaired = (impairment: Impairment): boolean =>
  Object.keys(impairment).length === 0;

/** An impairment as it is written: `delay 20ms, loss 10%`. */
export const impairmentText = (impairment: Impairment): string =>
  KEYS.flatMap((key) => {
    const value = impairment[key];
    return value === undefined ? [] : [`${key} ${impairmentTexts[key](value)}`];
  }).join(', ');

/** What is wrong with an impairment: the key, why, and what to write instead. */
export interface ImpairmentProblem {
  readonly key: ImpairmentKey;
  readonly what: string;
  readonly fix: string;
}

/** What of an impairment makes no sense together. */
export function impairmentProblems(impairment: Impairment): readonly ImpairmentProblem[] {
  const { delay = 0, jitter = 0, reorder = 0 } = impairment;
  return [
    ...(jitter > delay
      ? [
          {
            key: 'jitter' as const,
            what: `A jitter of ${jitter}ms is more than the delay of ${delay}ms: no frame can leave before it is sent.`,
            fix: `write a \`delay\` of at least \`${jitter}ms\`, or less \`jitter\``,
          },
        ]
      : []),
    ...(reorder > 0 && delay === 0
      ? [
          {
            key: 'reorder' as const,
            what: 'Nothing is reordered without a delay: frames overtake others that wait.',
            fix: 'write a `delay` too, such as `delay: 10ms`',
          },
        ]
      : []),
  ];
}
