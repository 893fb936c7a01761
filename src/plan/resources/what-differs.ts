import { isRecord } from '../../is-record.js';

/** Values that are longer are not shown. */
const LONGEST = 60;

/** What differs between two states of a thing, for people: `mtu 1500 -> 9000`. */
export function whatDiffers(old: unknown, wanted: unknown): string {
  const [before, now] = [leaves(old), leaves(wanted)];
  const names = [...new Set([...before.keys(), ...now.keys()])];
  const told = names
    .filter((name) => before.get(name) !== now.get(name))
    .map((name) => tell(name, before.get(name), now.get(name)));
  return [...new Set(told)].join(', ');
}

/** Simple values by the names on the way to them; lists of words count as one. */
function leaves(value: unknown, name = ''): ReadonlyMap<string, string> {
  const inner = (key: string): string => (name === '' ? key : `${name}.${key}`);
  if (Array.isArray(value)) {
    const words = value.every((one) => typeof one === 'string' || typeof one === 'number');
    if (words) return new Map([[name, value.join(' ')]]);
    return new Map(value.flatMap((one, index) => [...leaves(one, inner(String(index + 1)))]));
  }
  if (isRecord(value)) {
    const said = Object.entries(value).filter(([, one]) => one !== undefined);
    return new Map(said.flatMap(([key, one]) => [...leaves(one, inner(key))]));
  }
  return new Map([[name, String(value)]]);
}

function tell(name: string, old: string | undefined, now: string | undefined): string {
  if (name.endsWith('.secret')) return name.slice(0, -'.secret'.length);
  const lines = (text = ''): readonly string[] => text.split('\n').map((line) => line.trim());
  const [before, after] = [lines(old), lines(now)];
  // Of a long text the first line that differs, which says itself what it is.
  const isLong = before.length > 1;
  const place = before.findIndex((line, index) => line !== after[index]);
  const [was, is] = isLong ? [before[place], after[place]] : [old, now];
  if ((was?.length ?? 0) > LONGEST || (is?.length ?? 0) > LONGEST) return name;
  return `${isLong ? '' : `${name} `}${shown(was)} -> ${shown(is)}`;
}

const shown = (value: string | undefined): string =>
  value === undefined || value === '' ? 'none' : value;
