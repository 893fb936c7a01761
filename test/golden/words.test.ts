import { expect, it } from 'vitest';
import { z } from 'zod';
import { problemsOf } from '../../src/topology/issues.js';
import { fixOf } from '../../src/topology/problem.js';
import { topologySchema } from '../../src/topology/schema.js';

/** Whatever stands at whatever place of a topology, the message has words of patchlab's own. */

interface JsonSchema {
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
}

const JUNK: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  1.5,
  1e99,
  '',
  'x y',
  'yes',
  '10.0.0.1',
  [],
  [null],
  ['a', 'b', 'c'],
  {},
  { a: 1 },
];

/** Values that are as the schema wants them, but for one place. */
function* spoilt(schema: JsonSchema, junk: unknown): Generator {
  yield junk;
  for (const variant of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])])
    yield* spoilt(variant, junk);
  for (const [index, item] of (schema.prefixItems ?? [schema.items ?? {}]).entries())
    for (const value of schema.items || schema.prefixItems ? spoilt(item, junk) : [])
      yield Array.from({ length: index + 1 }, () => value);
  const { properties = {}, additionalProperties: more } = schema;
  const fixed = Object.entries(properties).filter(([, field]) => field.const !== undefined);
  const base = Object.fromEntries(fixed.map(([key, field]) => [key, field.const]));
  for (const [key, field] of Object.entries(properties))
    for (const value of spoilt(field, junk)) yield { ...base, [key]: value };
  if (schema.properties) yield { ...base, adresses: junk };
  if (typeof more !== 'object') return;
  yield { 'Not a Name': junk };
  for (const value of spoilt(more, junk)) yield { x: value };
}

const FOREIGN =
  /invalid|expected|received|too (?:big|small)|unrecognized|undefined|\[object|of another (?:kind|form)/i;

it('no message has words of the library that checks the schema, and each says what to do', async () => {
  const schema = z.toJSONSchema(topologySchema, { io: 'input' }) as JsonSchema;
  const messages = new Map<string, unknown>();
  const fixes = new Set<string>();
  let documents = 0;
  for (const junk of JUNK) {
    for (const document of spoilt(schema, junk)) {
      const parsed = topologySchema.safeParse(document);
      documents += 1;
      if (parsed.success) continue;
      for (const problem of problemsOf(parsed.error, document, topologySchema)) {
        messages.set(`${problem.what} ${fixOf(problem)}`, document);
        fixes.add(
          `${[...problem.path].reverse().find((step) => typeof step === 'string') ?? ''}: ${fixOf(problem)}`,
        );
      }
    }
  }
  expect(documents).toBeGreaterThan(3000);
  expect(messages.size).toBeGreaterThan(300);
  const foreign = [...messages].filter(([message]) => FOREIGN.test(message));
  expect(foreign.map(([message, document]) => [message, JSON.stringify(document)])).toEqual([]);
  const idle = [...messages.keys()].filter(
    (message) => !/(?:write|add|did you mean|leave|name) /.test(message),
  );
  expect(idle).toEqual([]);
  await expect(`${[...fixes].sort().join('\n')}\n`).toMatchFileSnapshot('words.txt');
});
