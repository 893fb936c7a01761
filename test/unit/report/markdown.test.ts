import { marked, type Token, type Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { formatMarkdown } from '../../../src/report/markdown.js';
import { HOSTILE, hostile, mixed, realReport } from './reports.js';

const tokensOf = (markdown: string): Token[] => marked.lexer(markdown, { gfm: true });
const tablesIn = (tokens: readonly Token[]): Tokens.Table[] =>
  tokens.filter((token): token is Tokens.Table => token.type === 'table');

/** The text that a reader sees of a cell. */
const seen = (tokens: readonly Token[]): string =>
  tokens.map((token) => ('tokens' in token ? seen(token.tokens) : plain(token))).join('');
const plain = (token: Token): string =>
  ('text' in token ? String(token.text) : token.raw)
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replaceAll('&gt;', '>');

describe('the report as Markdown', () => {
  it('has the table, and a folded part for each lost frame', () => {
    const tokens = tokensOf(formatMarkdown(realReport('macvtap-arp-relay')));
    const [table, ...ways] = tablesIn(tokens);
    expect(table?.header.map(({ text }) => text)).toEqual([
      ...['probe', 'from', 'to', 'intended', 'predicted', 'observed', 'outcome'],
    ]);
    expect(table?.rows.map((row) => seen(row[6]?.tokens ?? []))).toEqual(Array(5).fill('✅ pass'));
    expect(ways.map(({ rows }) => rows.length)).toEqual([12, 12]);
    const folds = tokens.filter((token) => token.type === 'html').map(({ raw }) => raw.trim());
    expect(folds[0]).toBe(
      '<details>\n<summary>Lost frame 1: the ARP reply died at sw1:eth1 macvtap, as intended</summary>',
    );
    expect(folds.filter((fold) => fold.startsWith('<details>'))).toHaveLength(2);
    expect(folds.filter((fold) => fold === '</details>')).toHaveLength(2);
  });

  it('opens what is not as intended, and warns of what was not predicted', () => {
    expect(formatMarkdown(realReport('macvtap-arp-relay-fails'))).toContain('<details open>');
    const quotes = tokensOf(formatMarkdown(mixed())).filter(({ type }) => type === 'blockquote');
    expect(quotes).toHaveLength(1);
    expect(quotes[0]?.raw).toContain('[!WARNING]');
    expect(quotes[0]?.raw).toContain('UNPREDICTED');
  });

  it('keeps hostile text as text', () => {
    const markdown = formatMarkdown(hostile());
    expect(markdown).not.toContain('<script');
    const tokens = tokensOf(markdown);
    expect(tablesIn(tokens)[0]?.rows).toHaveLength(5);
    const [title] = tokens.filter(({ type }) => type === 'paragraph');
    expect(seen(title && 'tokens' in title ? (title.tokens ?? []) : [])).toBe(
      HOSTILE.replaceAll('`', '').replace('\u0007', '\ufffd'),
    );
  });
});
