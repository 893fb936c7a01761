import { defineResource, ip as ipAct } from '../define.js';
import { readFrom, sameIp, tableNumber, type IpRow } from '../look.js';

interface RuleState {
  /** In the words of ip-rule(8). */
  readonly words: readonly string[];
  readonly family: 4 | 6;
}

const act = (verb: 'add' | 'del') => {
  return ({ words, family }: RuleState) => [
    ipAct(...(family === 6 ? ['-6'] : []), 'rule', verb, ...words),
  ];
};

/** A field of `ip -j rule` in the words of ip-rule(8): a prefix comes in two parts. */
const FIELDS: Readonly<Record<string, (row: IpRow) => string>> = {
  from: ({ src, srclen }) => prefix(src, srclen),
  to: ({ dst, dstlen }) => prefix(dst, dstlen),
};

const prefix = (ip: string | number = 'all', length?: string | number): string =>
  length === undefined ? String(ip) : `${ip}/${length}`;

const isMadeBy = (words: readonly string[], row: IpRow): boolean =>
  words.every((word, index) => {
    if (index % 2 === 1) return true;
    const value = words[index + 1] ?? '';
    if (word === 'table') return tableNumber(row.table) === value;
    return sameIp(FIELDS[word]?.(row) ?? String(row[word]), value);
  });

/** A rule that says which table of routes is looked into: ip-rule(8). */
export const rule = defineResource<RuleState>({
  type: 'rule',
  noun: 'rule',
  stage: () => 'inside',
  make: act('add'),
  remove: act('del'),
  questions: (_, where) => [{ where, what: 'rules' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'rules'), wanted, (rows) =>
      rows.some((row) => isMadeBy(wanted.words, row)) ? wanted : undefined,
    ),
});
