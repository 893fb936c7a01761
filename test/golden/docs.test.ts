import { describe, expect, it } from 'vitest';
import {
  referencePages,
  resultsJsonSchema,
  topologyJsonSchema,
} from '../../scripts/docs/reference.js';

const docs = new URL('../../docs/', import.meta.url).pathname;

describe('generated documentation', () => {
  it.each(Object.entries(referencePages()))('reference/%s is up to date', async (name, text) => {
    await expect(text).toMatchFileSnapshot(`${docs}reference/${name}`);
  });

  it('schema/topology.json is up to date', async () => {
    await expect(topologyJsonSchema()).toMatchFileSnapshot(`${docs}schema/topology.json`);
  });

  it('schema/results.json is up to date', async () => {
    await expect(resultsJsonSchema()).toMatchFileSnapshot(`${docs}schema/results.json`);
  });
});
