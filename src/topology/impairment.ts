/** What becomes of frames that an end of a link sends. */

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

/** What an end of a link does to frames. */
export interface ImpairedEnd {
  /** What becomes of frames that its port sends, as the file has it. */
  readonly impair?: Impairment;
  /** The same as `patchlab impair` has it, whatever the file says; empty where it was cleared. */
  readonly live?: Impairment;
}

/** In the order in which they are told. */
export const IMPAIRMENT_KEYS = [
  ...(['delay', 'jitter', 'loss', 'rate'] as const),
  ...(['duplicate', 'reorder', 'corrupt'] as const),
] satisfies readonly ImpairmentKey[];

const units = (value: number, all: readonly (readonly [string, number])[]): string => {
  const [unit, size] = all.find(([, size]) => value % size === 0) ?? ['', 1];
  return `${value / size}${unit}`;
};

/** A rate as tc(8) takes it: `10Mbit`. */
const rateText = (rate: number): string =>
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
    IMPAIRMENT_KEYS.flatMap((key) => {
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
  IMPAIRMENT_KEYS.flatMap((key) => {
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
