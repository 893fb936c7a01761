import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatHtml } from '../../src/report/html/page.js';
import type { Report } from '../../src/report/result.js';
import { HOSTILE, hostile, mixed, realReport } from '../unit/report/reports.js';
import { browserPath, startBrowser } from './chromium.js';

/** The page as a reader has it: a file, opened in Chromium. */

const folder = mkdtempSync(join(tmpdir(), 'patchlab-test-'));
let browser: Browser | undefined;

beforeAll(async () => {
  if (browserPath !== undefined) browser = await startBrowser(browserPath);
});
beforeEach((context) => {
  if (!browser) context.skip('Chromium is not installed (Debian: apt install chromium)');
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

interface Opened {
  readonly page: Page;
  /** What the page asked for beside itself, and what the browser complained of. */
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
}

interface Settings {
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

interface Readability {
  readonly ground: string;
  readonly faint: readonly string[];
}
/** A program that runs in a page and gives back its value. */
const inPage = (name: string): string =>
  readFileSync(new URL(`in-page/${name}.js`, import.meta.url), 'utf8');

let count = 0;
async function open(report: Report, { width = 1440, colorScheme = 'light' }: Settings = {}) {
  if (!browser) throw new Error('there is no browser');
  const file = join(folder, `${(count += 1)}.html`);
  writeFileSync(file, await formatHtml(report));
  const url = pathToFileURL(file).href;
  const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  expect(requests.shift()).toBe(url);
  return { page, requests, complaints } satisfies Opened;
}

describe('the page of macvtap-arp-relay', () => {
  it('tells what happened without other help', async () => {
    const { page, requests, complaints } = await open(realReport('macvtap-arp-relay'));
    expect(await page.locator('h1').innerText()).toContain('does not relay an ARP reply');
    const said = await page.locator('#loss-1').innerText();
    for (const part of [
      'Lost frame 1: the ARP reply died at sw1:eth1 macvtap',
      'as the topology wants',
      'was last seen at sw1:eth1 veth and never at sw1:eth1 macvtap',
      'its own MAC (02:01:14:b8:91:8d [sw1:eth1])',
      'drivers/net/macvlan.c',
    ])
      expect(said).toContain(part);
    // It is meant to be lost: there is nothing to mend.
    expect(said).not.toContain('Use mode: passthru');
    const legs = await page.locator('#loss-1 .legs li').allInnerTexts();
    expect(legs.map((leg) => leg.replaceAll(/\s+/g, ' ').trim())).toEqual([
      ...['ARP request arrived', 'ARP reply lost', 'echo request never sent'],
      'echo reply never sent',
    ]);
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('shows the way of the lost frame hop by hop, with the place of its death in one view', async () => {
    const { page } = await open(realReport('macvtap-arp-relay'));
    const hops = page.locator('#loss-1 .hop');
    const texts = (await hops.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
    expect(texts).toEqual([
      ...['eth0 veth seen', 'c1up veth seen', 'br0 bridge no view', 'eth1 nic seen'],
      'sw2:eth1 macvtap mahehvtf65u5 seen',
      'sw2:eth1 veth venhhxuxvhbe seen',
      'sw1:eth1 veth vet8uzeqk524 seen',
      'sw1:eth1 macvtap mayj2zh7dbjh ✗ died here not seen',
      ...['eth1 nic not seen', 'br0 bridge no view', 'c1up veth not seen', 'eth0 veth not seen'],
    ]);
    // On a common screen the way of twelve hops is one line.
    const boxes = await Promise.all((await hops.all()).map((hop) => hop.boundingBox()));
    const tops = boxes.map((box) => Math.round(box?.y ?? -1));
    expect(new Set(tops).size).toBe(1);
  });

  it('leads from the drawing to the story of a frame', async () => {
    const { page } = await open(realReport('macvtap-arp-relay'));
    await page.locator('svg.pl-lab a').first().click();
    expect(new URL(page.url()).hash).toBe('#loss-1');
    await expect
      .poll(async () => Math.round((await page.locator('#loss-1').boundingBox())?.y ?? -1))
      .toBe(0);
  });
});

describe('every page', () => {
  const reports: readonly (readonly [string, () => Report])[] = [
    ['frames lost as intended', () => realReport('macvtap-arp-relay')],
    ['frames lost against the intention', () => realReport('macvtap-arp-relay-fails')],
    ['two cables', () => realReport('bridge-eats-lldp')],
    ['all well', () => realReport('namespace-cable')],
    ['every outcome', mixed],
  ];

  it.each(reports)('has no text that leaves its box in the drawing: %s', async (_name, report) => {
    const { page } = await open(report());
    const outside = await page.evaluate<string[]>(inPage('leaving'));
    expect(outside).toEqual([]);
  });

  it.each([1440, 1024, 390])('fits a screen of %i pixels', async (width) => {
    const { page } = await open(realReport('macvtap-arp-relay'), { width });
    const root = 'document.documentElement';
    const overflow = await page.evaluate<number>(`${root}.scrollWidth - ${root}.clientWidth`);
    expect(overflow).toBe(0);
  });

  it.each(['light', 'dark'] as const)('can be read in %s', async (colorScheme) => {
    const grounds = new Set<string>();
    for (const [, report] of reports) {
      const { page } = await open(report(), { colorScheme });
      const { ground, faint } = await page.evaluate<Readability>(inPage('readability'));
      grounds.add(ground);
      expect(faint).toEqual([]);
    }
    expect([...grounds]).toEqual([
      colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(15, 19, 24)',
    ]);
  });

  it('says loudly what was not predicted, and what could not be found out', async () => {
    const { page } = await open(mixed());
    const alarm = page.getByRole('alert');
    expect(await alarm.innerText()).toContain('Unpredicted: the kernel did not do');
    expect(await page.locator('tbody tr').last().innerText()).toContain('pass, UNPREDICTED');
    expect(
      await page.getByRole('region', { name: 'could not be found out' }).innerText(),
    ).toContain('The agent is gone.');
  });

  it('names its parts for those who do not see them', async () => {
    const { page } = await open(realReport('macvtap-arp-relay'));
    const drawing = page.getByRole('img', { name: 'A macvtap in vepa mode' });
    expect(await drawing.count()).toBe(1);
    const table = page.getByRole('table', { name: 'What the topology wants' });
    expect(await table.getByRole('columnheader').allInnerTexts()).toHaveLength(7);
    expect(await table.getByRole('rowheader').allInnerTexts()).toEqual([
      ...['lldp', 'lldp', 'arp', 'icmp', 'icmp'],
    ]);
    expect(await page.getByRole('article').count()).toBe(2);
  });

  it('shows hostile text as text', async () => {
    const { page, requests, complaints } = await open(hostile());
    expect(await page.locator('h1').innerText()).toBe(HOSTILE.replace('\u0007', '\ufffd'));
    expect(await page.locator('script').count()).toBe(0);
    expect(requests).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
