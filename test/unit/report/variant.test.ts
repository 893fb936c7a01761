import { describe, expect, it } from 'vitest';
import { formatHtml } from '../../../src/report/html/page.js';
import { formatJunit } from '../../../src/report/junit.js';
import { formatMarkdown } from '../../../src/report/markdown.js';
import { formatTerminal } from '../../../src/report/terminal/verify.js';
import { realReport } from './reports.js';

/** A generated frame is named by its class, its tag and its payload, wherever its check is named. */

const report = realReport('reserved-groups');

describe.each([
  { format: 'terminal', print: formatTerminal, arrow: '>' },
  { format: 'markdown', print: formatMarkdown, arrow: '\\>' },
  { format: 'junit', print: formatJunit, arrow: '&gt;' },
  { format: 'html', print: formatHtml, arrow: '&gt;' },
])('$format', ({ print, arrow }) => {
  it('tells the frames of a lab apart', async () => {
    const text = await print(report);
    expect(text).toMatch(/frame stp\b/);
    expect(text).toContain('frame unicast-own, VLAN 7, 1000 octets');
    // Also where a lost frame is told, or a test case named.
    expect(text).toContain(`frame dot1x a:eth1 ${arrow} b:eth1`);
  });
});
