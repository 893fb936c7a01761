import { describe, expect, it } from 'vitest';
import { formatTerminal } from '../../../src/report/terminal/verify.js';
import { mixed, realReport } from './reports.js';

const lines = (text: string): string[] => text.split('\n');

describe('the report on a terminal', () => {
  it('compares intent, prediction and observation in one table', () => {
    const [title, head, , , arp] = lines(formatTerminal(realReport('macvtap-arp-relay')));
    expect(title).toBe(
      'macvtap-arp-relay: A macvtap in vepa mode does not relay an ARP reply to a container behind the guest',
    );
    expect(head?.trim().split(/ {2,}/)).toEqual([
      ...['PROBE', 'FROM', 'TO', 'INTENDED', 'PREDICTED', 'OBSERVED', 'OUTCOME'],
    ]);
    expect(arp?.trim().split(/ {2,}/)).toEqual([
      ...['arp', 'sw1/c1', 'sw2/c1', 'blocked at sw1:eth1 macvtap'],
      ...['ARP reply dies at sw1:eth1 macvtap', 'ARP reply died at sw1:eth1 macvtap', 'pass'],
    ]);
  });

  it('tells of each lost frame the way, the reason and, once, the remedy', () => {
    const text = formatTerminal(realReport('macvtap-arp-relay'));
    expect(text).toContain('lost frame 1: the ARP reply died at sw1:eth1 macvtap, as intended');
    expect(text).toContain('(arp sw1/c1 > sw2/c1, icmp sw1/c1 > sw2/c1)');
    expect(text).toContain('sw1:eth1 macvtap ✗');
    // Whose the addresses in the reason are.
    expect(text).toContain('[sw1:eth1]');
    expect(text).toContain('[sw1/c1:eth0]');
    // Nothing is to be mended where it is meant to be lost.
    expect(text).not.toContain('remedy');
    const failed = formatTerminal(realReport('macvtap-arp-relay-fails'));
    expect(failed.match(/mode: passthru/g)).toHaveLength(1);
  });

  it('fits a narrow terminal, with no word lost', () => {
    const report = realReport('macvtap-arp-relay-fails');
    const narrow = formatTerminal(report, { width: 100 });
    expect(
      Math.max(
        ...lines(narrow)
          .slice(1, 12)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100);
    const words = (text: string): string[] => text.split(/\s+/).sort();
    expect(words(narrow)).toEqual(words(formatTerminal(report)));
  });

  it('says loudly what was not predicted, and what could not be found out', () => {
    const text = formatTerminal(mixed());
    expect(text).toContain('pass, UNPREDICTED');
    expect(text).toContain('UNPREDICTED: the kernel did not do what the model says, in 1 of');
    expect(text).toContain('error: lldp sw2:eth1 > sw1:eth1');
    expect(text).toContain('The agent is gone.');
    expect(text).toMatch(/macvtap-arp-relay: 3 pass, 1 error, 1 skipped, 1 unpredicted$/);
  });

  it('is short where all went well, and without colours where none are asked for', () => {
    const report = realReport('namespace-cable');
    expect(lines(formatTerminal(report))).toHaveLength(10);
    expect(formatTerminal(report)).not.toContain('\u001b');
    expect(formatTerminal(report, { color: true })).toContain('\u001b[32mpass');
  });
});
