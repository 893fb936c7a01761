import { defineResource, ip } from '../define.js';
import { readFrom, sameIp, tableNumber, type IpRow } from '../look.js';

interface RouteState {
  /** In the words of ip-route(8). */
  readonly words: readonly string[];
}

const TYPES = new Set(['unreachable', 'blackhole', 'prohibit', 'throw', 'local']);

/** Names of the fields of `ip -j route`, by the words that give them. */
const FIELDS: Readonly<Record<string, string>> = {
  ...{ via: 'gateway', dev: 'dev', src: 'prefsrc', metric: 'metric', table: 'table' },
};

const isSame = (word: string, real: string | number | undefined, value: string): boolean =>
  word === 'table' ? tableNumber(real) === value : sameIp(String(real), value);

/** Is it the route that the words make? */
function isMadeBy(words: readonly string[], row: IpRow): boolean {
  const type = TYPES.has(words[0] ?? '') ? words[0] : undefined;
  const [to = '', ...rest] = type === undefined ? words : words.slice(1);
  const pairs = rest.flatMap((word, index) =>
    index % 2 === 0 ? [[word, rest[index + 1] ?? ''] as const] : [],
  );
  const table = pairs.some(([word]) => word === 'table') || row.table === undefined;
  return (
    table &&
    String(row.type ?? 'unicast') === (type ?? 'unicast') &&
    sameIp(String(row.dst), to) &&
    pairs.every(([word, value]) => isSame(word, row[FIELDS[word] ?? word], value))
  );
}

/** A route: in the words of ip-route(8). */
export const route = defineResource<RouteState>({
  type: 'route',
  noun: 'route',
  stage: () => 'inside',
  make: ({ words }) => [ip('route', 'add', ...words)],
  remove: ({ words }) => [ip('route', 'del', ...words)],
  questions: (_, where) => [{ where, what: 'routes' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'routes'), wanted, (rows) =>
      rows.some((row) => isMadeBy(wanted.words, row)) ? wanted : undefined,
    ),
});
