import { expect, it } from 'vitest';
import { formatNeighbours } from '../../../src/report/terminal/neighbours.js';
import { formatTerminal } from '../../../src/report/terminal/verify.js';
import type { PortNeighbour } from '../../../src/verify/judge/judge-neighbours.js';
import { realReport } from './reports.js';

it.each([60, 80, 100])('prints a report of lost frames in %d columns', (width) => {
  const text = formatTerminal(realReport('macvtap-arp-relay'), { width });
  const [title = '', head = '', ...rest] = text.split('\n');
  expect([head, ...rest].filter((line) => line.length > width)).toEqual([]);
  expect(title).toContain('macvtap-arp-relay');
  // Still a table: each column begins where its head does.
  for (const name of ['PROBE', 'FROM', 'TO', 'INTENDED', 'PREDICTED', 'OBSERVED', 'OUTCOME'])
    expect(head).toContain(name);
  expect(rest[0]?.slice(head.indexOf('OUTCOME'))).toBe('pass');
});

const heard = (port: string, neighbour: string): PortNeighbour => ({
  ...{ port, neighbour, state: 'expected', chassis: '02:00:00:00:00:01' },
  ...{ predicted: 'pass', reason: null },
});
const ports = Array.from({ length: 10 }, (_, index) => `n${index}:eth1`);
const all = ports.flatMap((port) =>
  ports.filter((other) => other !== port).map((other) => heard(port, other)),
);

it('sums up the neighbours of a port that are alike, unless asked for each', () => {
  const text = formatNeighbours('wide', all, { columns: 60 });
  expect(text.split('\n').length).toBeLessThan(35);
  for (const port of ports) expect(text).toContain(port);
  expect(text).toContain('90 as declared');
  expect(formatNeighbours('wide', all, { each: true }).split('\n')).toHaveLength(92);
});
