import { DOMParser, onErrorStopParsing, type Element as XmlElement } from '@xmldom/xmldom';
import { describe, expect, it } from 'vitest';
import { formatJunit } from '../../../src/report/junit.js';
import { HOSTILE, hostile, mixed, realReport } from './reports.js';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

/** Read XML with a parser of others, which throws at whatever is not well-formed. */
function parse(xml: string): Element {
  const element = (node: XmlElement): Element => ({
    name: node.tagName,
    attributes: Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value])),
    children: [...node.childNodes].filter(isElement).map(element),
    text: node.textContent ?? '',
  });
  const { documentElement } = new DOMParser({ onError: onErrorStopParsing }).parseFromString(
    xml,
    'text/xml',
  );
  if (!documentElement) throw new Error('there is no element');
  return element(documentElement);
}
const isElement = (node: { nodeType: number }): node is XmlElement => node.nodeType === 1;

/** What the schema of Jenkins' and Surefire's JUnit files allows: attributes (`!`: demanded), children in order. */
const ALLOWED: Readonly<Record<string, { attributes: string[]; children: string[] }>> = {
  testsuites: {
    attributes: ['name', 'time', 'tests', 'failures', 'errors'],
    children: ['testsuite'],
  },
  testsuite: {
    attributes: ['name!', 'tests!', 'failures!', 'errors!', 'skipped', 'time', 'timestamp'],
    children: ['properties', 'testcase'],
  },
  properties: { attributes: [], children: ['property'] },
  property: { attributes: ['name!', 'value!'], children: [] },
  testcase: {
    attributes: ['name!', 'classname', 'time'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: { attributes: ['type', 'message'], children: [] },
  error: { attributes: ['type', 'message'], children: [] },
  skipped: { attributes: ['message'], children: [] },
  'system-out': { attributes: [], children: [] },
  'system-err': { attributes: [], children: [] },
};

function expectAllowed({ name, attributes, children }: Element): void {
  const rule = ALLOWED[name];
  expect(rule, name).toBeDefined();
  const names = rule?.attributes.map((attribute) => attribute.replace('!', ''));
  expect(names).toEqual(expect.arrayContaining(Object.keys(attributes)));
  for (const demanded of rule?.attributes.filter((attribute) => attribute.endsWith('!')) ?? [])
    expect(Object.keys(attributes)).toContain(demanded.replace('!', ''));
  const order = children.map((child) => rule?.children.indexOf(child.name) ?? -1);
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  children.forEach(expectAllowed);
}

const cases = (root: Element): readonly Element[] =>
  root.children[0]?.children.filter(({ name }) => name === 'testcase') ?? [];

describe('the report as JUnit XML', () => {
  it.each([
    ['a lab that fails', () => realReport('macvtap-arp-relay-fails')],
    ['every outcome', mixed],
    ['a lab that passes', () => realReport('namespace-cable')],
    ['hostile text', hostile],
  ])('has the form that CI servers read: %s', (_name, report) => {
    const root = parse(formatJunit(report()));
    expectAllowed(root);
    expect(root.children[0]?.attributes.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  });

  it('counts what it holds', () => {
    const root = parse(formatJunit(mixed()));
    const [suite] = root.children;
    const counts = { tests: '5', failures: '0', errors: '1' };
    expect(suite?.attributes).toMatchObject({
      ...counts,
      name: 'macvtap-arp-relay',
      skipped: '1',
    });
    expect(root.attributes).toMatchObject(counts);
    expect(cases(root).map(({ children }) => children[0]?.name)).toEqual([
      ...['system-out', 'error', 'skipped', 'system-out', 'system-out'],
    ]);
  });

  it('tells of a failure where, why and what to do', () => {
    const [, , arp] = cases(parse(formatJunit(realReport('macvtap-arp-relay-fails'))));
    expect(arp?.attributes).toMatchObject({
      classname: 'patchlab.macvtap-arp-relay',
      name: 'arp sw1/c1 > sw2/c1',
    });
    const [failure] = arp?.children ?? [];
    expect(failure?.attributes.message).toBe('The ARP reply died at sw1:eth1 macvtap.');
    for (const said of ['last seen at sw1:eth1 veth', 'reason: A macvtap', 'remedy: Use'])
      expect(failure?.text).toContain(said);
  });

  it('agrees with the exit code: what is unpredicted is loud, and no failure', () => {
    const root = parse(formatJunit(mixed()));
    const last = cases(root).at(-1);
    expect(last?.children.map(({ name }) => name)).toEqual(['system-out', 'system-err']);
    expect(last?.children[1]?.text).toContain('UNPREDICTED: The model says');
    const properties = root.children[0]?.children[0]?.children.map(({ attributes }) => attributes);
    expect(properties).toContainEqual({ name: 'unpredicted', value: '1' });
  });

  it('keeps hostile text as text', () => {
    const [, , arp] = cases(parse(formatJunit(hostile())));
    expect(arp?.children[0]?.attributes.message).toBe(HOSTILE.replace('\u0007', '\ufffd'));
  });
});
