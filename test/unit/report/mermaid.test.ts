import { describe, expect, it } from 'vitest';
import { formatMermaid } from '../../../src/report/draw/mermaid.js';
import { HOSTILE, labOf } from './reports.js';

describe('a lab as a Mermaid flowchart', () => {
  it('has a subgraph for each box and a line for each wire', () => {
    const lines = formatMermaid({ ...labOf('macvtap-arp-relay'), cases: [] }).split('\n');
    expect(lines[0]).toBe('flowchart LR');
    // Two guests, a namespace in each, and the link.
    expect(lines.filter((line) => line.includes('subgraph '))).toHaveLength(5);
    expect(lines.filter((line) => line.trim() === 'end')).toHaveLength(5);
    expect(lines.filter((line) => line.includes(' --- '))).toHaveLength(11);
    expect(lines).toContainEqual(expect.stringMatching(/^ {4}n\d+\["macvtap<br\/>sw1:eth1"\]$/));
  });

  it('keeps hostile text within its quotes', () => {
    const { lab, graph } = labOf('namespace-cable');
    const [link] = lab.links;
    const named = { ...lab, links: link ? [{ ...link, id: HOSTILE }] : [] };
    const text = formatMermaid({ lab: named, graph, cases: [] });
    expect(text).toContain('#60;script#62;');
    for (const line of text.split('\n')) expect((line.match(/"/g) ?? []).length % 2).toBe(0);
    expect(text).not.toContain('<script');
  });
});
