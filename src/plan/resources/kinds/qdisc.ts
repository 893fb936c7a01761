import type { Impairment, ImpairmentKey } from '../../../topology/impairment.js';
import { impairmentTexts, joinImpairments } from '../../../topology/impairment.js';
import { defineResource, type Act } from '../define.js';
import { readFrom, type QdiscRow } from '../look.js';

interface Qdisc {
  readonly device: string;
  /** Its discipline by the name that tc(8) has for it. */
  readonly discipline: 'netem' | 'tbf';
  readonly impairment: Impairment;
  /** Largest frame in octets. */
  readonly frame: number;
}

/** Frames that wait at most, as netem(8) has it unless told. */
const LIMIT = 1000;
/** What may leave in one go, in milliseconds of the rate: with less the rate is not reached, since timers are late (tc-tbf(8), `burst`). */
const BURST = 10;

/**
 * The discipline that an impairment takes: a rate alone needs no netem, which small kernels lack.
 * @returns its name by tc(8)
 */
export const disciplineOf = ({ rate, ...others }: Impairment): Qdisc['discipline'] =>
  rate !== undefined && Object.keys(others).length === 0 ? 'tbf' : 'netem';

const words = (impairment: Impairment, ...keys: readonly ImpairmentKey[]): readonly string[] =>
  keys.flatMap((key) => {
    const value = impairment[key];
    return value === undefined ? [] : [key, impairmentTexts[key](value)];
  });

/** What netem keeps as it was where it is told nothing of it: net/sched/sch_netem.c, netem_change. */
const KEPT: readonly ImpairmentKey[] = ['reorder', 'corrupt', 'rate'];

/** In the words of tc-netem(8) and tc-tbf(8). */
const SAYS: Readonly<Record<Qdisc['discipline'], (wanted: Qdisc) => readonly string[]>> = {
  netem: ({ impairment }) => [
    ...words(impairment, 'delay'),
    ...(impairment.jitter === undefined ? [] : [impairmentTexts.jitter(impairment.jitter)]),
    ...words(impairment, 'loss', 'duplicate', 'reorder', 'corrupt', 'rate'),
  ],
  tbf: ({ impairment: { rate = 0 }, frame }) => [
    ...words({ rate }, 'rate'),
    ...['burst', `${Math.max(2 * frame, Math.ceil(((rate / 8) * BURST) / 1000))}b`],
    ...['limit', `${LIMIT * frame}b`],
  ],
};

const tc = (...argv: readonly string[]): Act => ({ do: { tool: 'exec', argv: ['tc', ...argv] } });

const replace = (wanted: Qdisc): Act =>
  tc(
    ...['qdisc', 'replace', 'dev', wanted.device, 'root', wanted.discipline],
    ...SAYS[wanted.discipline](wanted),
  );

const remove = ({ device }: Qdisc): Act => tc('qdisc', 'del', 'dev', device, 'root');

/** What frames that a device sends wait in, and what becomes of them there: tc(8), tc-netem(8), tc-tbf(8). */
export const qdisc = defineResource<Qdisc>({
  type: 'qdisc',
  noun: 'impairment',
  stage: () => 'inside',
  make: (wanted) => [replace(wanted)],
  remove: (wanted) => [remove(wanted)],
  change(old, wanted) {
    const isKept = (key: ImpairmentKey): boolean =>
      old.impairment[key] !== undefined && wanted.impairment[key] === undefined;
    const stays = old.discipline === wanted.discipline && KEPT.some(isKept);
    return stays ? [remove(old), replace(wanted)] : [replace(wanted)];
  },
  questions: (_, where) => [{ where, what: 'qdiscs' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'qdiscs'), wanted, (rows) => {
      const row = rows.find(({ dev, root }) => root === true && dev === wanted.device);
      const read = row && READ[row.discipline];
      if (!row || !read) return undefined;
      const impairment = read(row.options ?? {});
      return {
        ...wanted,
        discipline: row.discipline as Qdisc['discipline'],
        impairment: isNear(impairment, wanted.impairment) ? wanted.impairment : impairment,
      };
    }),
});

type Options = NonNullable<QdiscRow['options']>;

/** A number that an option has, in the unit of an impairment. */
const numberIn = (options: Options, name: string, key: string, unit: number): number => {
  const value = (options[name] as Options | undefined)?.[key];
  return typeof value === 'number' ? value * unit : 0;
};

/** How the words of `tc -j` are read: seconds, parts of one, octets per second. */
const READ: Readonly<Record<string, ((options: Options) => Impairment) | undefined>> = {
  netem: (options) =>
    joinImpairments({
      delay: numberIn(options, 'delay', 'delay', 1000),
      jitter: numberIn(options, 'delay', 'jitter', 1000),
      loss: numberIn(options, 'loss-random', 'loss', 100),
      duplicate: numberIn(options, 'duplicate', 'duplicate', 100),
      reorder: numberIn(options, 'reorder', 'reorder', 100),
      corrupt: numberIn(options, 'corrupt', 'corrupt', 100),
      rate: numberIn(options, 'rate', 'rate', 8),
    }),
  tbf: (options) => joinImpairments({ rate: numberIn({ options }, 'options', 'rate', 8) }),
};

/** What is rounded away of a value, as a part of it: shares are kept in 32 bits, and shown with six digits. */
const PART = 1e-5;
/** The same in units: tc(8) reckons in microseconds, and in octets. */
const UNITS: Partial<Record<ImpairmentKey, number>> = { delay: 0.002, jitter: 0.002, rate: 8 };

/** Are two the same but for what is rounded away? */
function isNear(one: Impairment, other: Impairment): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as ReadonlySet<ImpairmentKey>;
  return [...keys].every((key) => {
    const [a = 0, b = 0] = [one[key], other[key]];
    return Math.abs(a - b) <= PART * Math.max(a, b) + (UNITS[key] ?? 1e-6);
  });
}
