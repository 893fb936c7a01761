import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { labFiles, labIndex, labPages } from '../../scripts/docs/labs.js';
import { manPage } from '../../scripts/docs/man.js';
import {
  referencePages,
  resultsJsonSchema,
  topologyJsonSchema,
} from '../../scripts/docs/reference.js';
import { shippedLabs } from '../../src/topology/load-labs.js';

const docs = new URL('../../docs/', import.meta.url).pathname;

describe('generated documentation', () => {
  it.each(Object.entries(referencePages()))('reference/%s is up to date', async (name, text) => {
    await expect(text).toMatchFileSnapshot(`${docs}reference/${name}`);
  });

  it('schema/topology.json is up to date', async () => {
    await expect(topologyJsonSchema()).toMatchFileSnapshot(`${docs}schema/topology.json`);
  });

  it('the reference names every key of the topology file', () => {
    const pages = Object.values(referencePages()).join('\n');
    const keys = keysIn(JSON.parse(topologyJsonSchema()));
    expect(keys.size).toBeGreaterThan(60);
    expect(
      [...keys].filter((key) => !new RegExp(`\`(?:[\\w.[\\]]*\\.)?${key}\``).test(pages)),
    ).toEqual([]);
  });

  it('schema/topology.json has no format that validators do not know', () => {
    const formats = Array.from(
      topologyJsonSchema().matchAll(/"format": "([^"]+)"/g),
      ([, name]) => name,
    );
    expect([...new Set(formats)].sort()).toEqual(['ipv4', 'ipv6']);
  });

  it('schema/results.json is up to date', async () => {
    await expect(resultsJsonSchema()).toMatchFileSnapshot(`${docs}schema/results.json`);
  });
});

describe('the manual page', () => {
  it('is up to date', async () => {
    await expect(await manPage()).toMatchFileSnapshot(`${docs}patchlab.1`);
  });

  it('is formatted without a warning', async (context) => {
    const man = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-Tutf8', '-Z', '-l', '-'], {
      ...{ encoding: 'utf8', input: await manPage() },
    });
    if (man.error) context.skip('man is not installed');
    expect([man.stderr, man.status]).toEqual(['', 0]);
    expect(man.stdout).toContain('PATCHLAB');
  });
});

describe('README.md', () => {
  it('shows the test file that people copy as it is', () => {
    const example = readFileSync(
      new URL('../netns/library-example.test.ts', import.meta.url),
      'utf8',
    );
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
  });
});

describe('the pages of the labs', () => {
  it.each(shippedLabs())('$name has one that is up to date, with its drawing', async (lab) => {
    for (const [name, text] of Object.entries(await labPages(lab)))
      await expect(text).toMatchFileSnapshot(`${docs}labs/${name}`);
  });

  it('are listed, and there is no other', async () => {
    await expect(await labIndex()).toMatchFileSnapshot(`${docs}labs/README.md`);
    const known = labFiles();
    expect(readdirSync(`${docs}labs`).filter((name) => !known.includes(name))).toEqual([]);
  });
});

/** Every key that an object of a JSON schema may have. */
function keysIn(schema: unknown): Set<string> {
  if (typeof schema !== 'object' || schema === null) return new Set();
  const { properties } = schema as { readonly properties?: object };
  const own = Array.isArray(schema) ? [] : Object.keys(properties ?? {});
  return new Set([...own, ...Object.values(schema).flatMap((inner) => [...keysIn(inner)])]);
}
