import { isRecord } from '../is-record.js';
import { insideOf, LOCAL } from '../where.js';

/** The fields of what is stored that say where something is. */
const PLACES: ReadonlySet<string> = new Set(['where', 'here', 'inside']);

const GUEST = /^guest:(.*)$/;

/** Where something is, in the words of today: older versions had one machine, and wrote `host`: `local`, or `guest:NODE`. */
function placeOfToday(value: Readonly<Record<string, unknown>>): unknown {
  const { host, ...rest } = value;
  const guest = typeof host === 'string' ? GUEST.exec(host)?.[1] : undefined;
  return { ...(guest === undefined ? LOCAL : insideOf(LOCAL, guest)), ...rest };
}

/**
 * Read JSON that is stored about a lab, by this version or an older one.
 * @throws SyntaxError where it is no JSON
 */
export const parseStored = (text: string): unknown =>
  JSON.parse(text, (key, value: unknown) =>
    PLACES.has(key) && isRecord(value) && 'host' in value ? placeOfToday(value) : value,
  );
