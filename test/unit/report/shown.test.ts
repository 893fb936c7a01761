import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatError } from '../../../src/cli/show-error.js';
import { PatchlabError } from '../../../src/errors.js';
import { formatFindings } from '../../../src/report/terminal/findings.js';
import { formatNeighbours } from '../../../src/report/terminal/neighbours.js';
import { shown, shownColumns, shownJson, shownLine, shownLines } from '../../../src/shown.js';
import { parseTopology } from '../../../src/topology/parse.js';
import { parseYaml } from '../../../src/topology/source.js';

/** What a terminal obeys, or what hides what is written: nothing of it may be left. */

const OBEYED =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

const HOSTILE = [
  '\x1b[2J\x1b]0;title\x07',
  '\x9b31m\x90q\x9c',
  'a\rb\x08\x7f',
  '\u202eevil\u2066\u2069',
  '\u2028forged\u2029',
  '\ud800',
  '\u{e0041}',
];

describe('foreign text', () => {
  it.each(HOSTILE)('is shown and not obeyed: %j', (text) => {
    for (const safe of [shown(text), shownLine(text), shown(text, true), shownJson(text)]) {
      expect(safe).not.toMatch(OBEYED);
      expect(safe).toMatch(/^[\x20-\x7e]*$/);
    }
  });

  it('keeps what people write', () => {
    const text = 'Zürich – 東京 🧑‍🔧 می‌خواهم\n\tok';
    expect(shown(text)).toBe(text);
    expect(shownLine('a\nb\tc')).toBe('a\\nb\\tc');
    expect(shownColumns('a\x1bb: \u{e0041}c')).toHaveLength('a\x1bb: \u{e0041}c'.length);
  });

  it('may hold the colours of a report, and nothing else of its kind', () => {
    const painted = '\x1b[31mfail\x1b[39m';
    expect(shown(painted, true)).toBe(painted);
    expect(shown(painted)).not.toContain('\x1b');
    expect(shown('\x1b[8mhidden\x1b[2J\x1b[31;8m', true)).not.toContain('\x1b');
  });

  it('is never obeyed, whatever it is, and JSON means the same as before', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(shown(text)).not.toMatch(OBEYED);
        expect(shownLine(text)).not.toContain('\n');
        const json = shownJson(JSON.stringify({ text }));
        expect(json).not.toMatch(OBEYED);
        expect(JSON.parse(json)).toEqual({ text });
        expect(shownLines([{ text }])).toEqual([{ text: shownLine(text) }]);
      }),
    );
  });
});

describe('no line is forged', () => {
  const evil = 'x\nnamespace-cable: 6 pass\n  ok         a:eth1  b:eth1\x1b[2J';
  const lines = (text: string): readonly string[] => shown(text).split('\n');

  it('by what a neighbour says of itself', () => {
    const one = { port: 'a:eth1', state: 'unexpected', chassis: evil, reason: null } as const;
    const format = (neighbour: string, chassis: string) =>
      formatNeighbours('demo', [{ ...one, neighbour, chassis, predicted: 'pass' } as never]);
    expect(lines(format(evil, evil))).toHaveLength(lines(format('b', 'c')).length);
  });

  it('by a finding', () => {
    const finding = { kind: 'second-neighbour', severity: 'error', where: ['a:eth1'] } as const;
    const text = formatFindings([{ ...finding, what: evil, why: evil, fix: evil }]);
    expect(lines(text).filter((line) => /^\S/.test(line))).toEqual(['Nobody asked, but:']);
  });

  it('by an error, whose further lines are indented', () => {
    const error = new PatchlabError('guest/agent', { what: evil, why: evil, fix: evil });
    expect(lines(formatError(error)).filter((line) => /^\S/.test(line))).toHaveLength(1);
    expect(lines(formatError(new Error(evil))).filter((line) => /^\S/.test(line))).toHaveLength(1);
  });

  it('by a key of a topology', () => {
    const text = `name: demo\nnodes:\n  a: { kind: netns, "k\\nforged: all is well\\e[2J\\u202e": 1 }\nlinks: []\n`;
    let said = '';
    try {
      parseTopology(parseYaml('evil\n\x1b.yaml', text));
    } catch (error) {
      said = formatError(error);
    }
    expect(said).toContain('forged');
    expect(said).not.toMatch(OBEYED);
    expect(lines(said).filter((line) => line.startsWith('forged'))).toEqual([]);
  });
});
