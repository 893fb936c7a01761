import { z } from 'zod';
import { controllerKinds } from '../../src/controllers/index.js';
import { deviceKinds } from '../../src/devices/index.js';
import { errorTable } from '../../src/errors.js';
import { hopKinds } from '../../src/hops/kinds/index.js';
import { writtenLinkKinds } from '../../src/links/index.js';
import { commonNodeFields } from '../../src/nodes/common.js';
import { nodeKinds } from '../../src/nodes/index.js';
import { probeKinds } from '../../src/probes/index.js';
import { resultSchemas } from '../../src/report/schemas/index.js';
import { commonLinkFields, stepSchema, topologySchema } from '../../src/topology/schema.js';
import { findingKinds } from '../../src/verify/findings/index.js';

/**
 * The generated part of the documentation: everything here comes from descriptors, so it cannot tell
 * anything that is not so. `npm run docs` writes it.
 */

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly prefixItems?: readonly JsonSchema[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

interface Documented {
  readonly kind: string;
  readonly title: string;
  readonly doc: string;
  readonly schema: z.ZodObject;
  readonly example?: string;
}

const jsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;

/** JSON Schema of the topology file (draft 2020-12), for editors. */
export const topologyJsonSchema = (): string =>
  `${JSON.stringify(
    z.toJSONSchema(topologySchema, {
      io: 'input',
      override({ jsonSchema }) {
        // Formats of its own, which no validator knows; the pattern beside them says as much.
        if (!FORMATS.has(jsonSchema.format ?? '')) delete jsonSchema.format;
      },
    }),
    undefined,
    2,
  )}\n`;

/** Formats of JSON Schema that a topology has use for (draft 2020-12, validation, 7.3). */
const FORMATS: ReadonlySet<string> = new Set(['ipv4', 'ipv6']);

/** JSON Schema of what each command prints with `--json`, by the command's name. */
export function resultsJsonSchema(): string {
  const schemas = Object.entries(resultSchemas).map(([name, schema]) => [
    name,
    z.toJSONSchema(schema),
  ]);
  return `${JSON.stringify(Object.fromEntries(schemas), undefined, 2)}\n`;
}

function typeOf(field: JsonSchema): string {
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.enum) return field.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (field.anyOf) {
    const types = [...new Set(field.anyOf.map(typeOf))];
    const again = (type: string) => types.some((other) => type === `list of ${other}`);
    return types.map((type) => (again(type) ? 'a list of them' : type)).join(' or ');
  }
  if (field.type === 'array') return field.items ? `list of ${typeOf(field.items)}` : 'list';
  return field.type === 'object' ? 'mapping' : (field.type ?? 'any');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function fieldTable(schema: z.ZodObject, skip: readonly string[] = []): string {
  const fields = new Map(fieldsWithin(jsonSchema(schema), '').map((one) => [one.name, one]));
  const rows = [...fields.values()]
    .filter(({ name }) => !skip.includes(name))
    .map(({ name, field, needed }) => {
      const standard = field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``;
      const need = needed ? 'required' : standard;
      return `| \`${name}\` | ${cell(typeOf(field))} | ${need} | ${cell(field.description ?? '')} |`;
    });
  if (rows.length === 0) return 'No fields of its own.';
  return ['| field | value | default | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The fields of a schema with all that lies further in: `ends[].pvid`, `ports.NAME.mtu`. */
const fieldsWithin = (
  schema: JsonSchema,
  at: string,
): readonly { readonly name: string; readonly field: JsonSchema; readonly needed: boolean }[] => {
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const { properties = {}, required = [], items, prefixItems = [], additionalProperties } = schema;
  const list = [...(items ? [items] : []), ...prefixItems];
  return [
    ...variants.flatMap((variant) => fieldsWithin(variant, at)),
    ...list.flatMap((item) => fieldsWithin(item, `${at}[]`)),
    ...(typeof additionalProperties === 'object'
      ? fieldsWithin(additionalProperties, `${at}.NAME`)
      : []),
    ...Object.entries(properties).flatMap(([key, field]) => {
      const name = at === '' ? key : `${at}.${key}`;
      return [{ name, field, needed: required.includes(key) }, ...fieldsWithin(field, name)];
    }),
  ];
};

function kindPage(
  title: string,
  intro: string,
  kinds: readonly Documented[],
  skip: readonly string[],
): string {
  const sections = kinds.map((kind) =>
    [
      `## \`${kind.kind}\`: ${kind.title}`,
      kind.doc,
      fieldTable(kind.schema, skip),
      ...(kind.example === undefined ? [] : [`\`\`\`yaml\n${kind.example.trim()}\n\`\`\``]),
    ].join('\n\n'),
  );
  return page(title, [intro, ...sections]);
}

const page = (title: string, parts: readonly string[]): string =>
  `${[`# ${title}`, '<!-- Generated by `npm run docs` from the descriptors; do not edit. -->', ...parts].join('\n\n')}\n`;

function errorsPage(): string {
  const rows = Object.entries(errorTable).map(
    ([code, { exit, meaning, remedy }]) =>
      `| \`${code}\` | ${exit} | ${cell(meaning)} | ${cell(remedy)} |`,
  );
  return page('Errors', [
    'Exit codes: 0 all as expected, 1 a verdict failed, 2 the topology or the usage is wrong, 3 could not find out, 4 the host lacks something.',
    ['| code | exit | meaning | what to do |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ]);
}

function hopsPage(): string {
  const kinds = hopKinds.flatMap(({ kind, doc, drops }) => [
    `## \`${kind}\``,
    doc,
    drops.length === 0
      ? 'It drops nothing.'
      : ['It drops', ...drops.map((rule) => `- ${rule}`)].join('\n'),
  ]);
  return page('Hops', [
    'What each kind of device on the way does with frames. The rules, with reasons, remedies and sources, are in `src/hops/`.',
    ...kinds,
  ]);
}

function findingsPage(): string {
  const rows = findingKinds.map(({ kind, doc }) => `| \`${kind}\` | ${cell(doc)} |`);
  return page('Findings', [
    'What `patchlab verify` finds without being asked. Each contradicts the topology, so the exit code is 1 even where every check passes.',
    ['| finding | what it is |', '| --- | --- |', ...rows].join('\n'),
  ]);
}

function controllersPage(): string {
  const sections = controllerKinds.flatMap(({ kind, title, doc, discovers, source, runs }) => [
    `## \`${kind}\`: ${title}`,
    doc,
    ['It discovers links by', ...discovers.map(({ name }) => `- ${name}`)].join('\n'),
    `Source: ${source}.`,
    ...(runs ? [`\`controller: ${kind}\` at a node runs it, \`{ kind: ${kind}, ... }\` with`] : []),
    ...(runs ? [fieldTable(runs.schema)] : []),
  ]);
  return page('Controllers', [
    'By which frames controllers of OpenFlow switches discover links, for `patchlab predict FILE --controller KIND`, and those that patchlab runs in a node. What they have found the probe `discovery` asks.',
    ...sections,
  ]);
}

/** The keys at the top; what lies further in has pages of its own. */
const topologyTable = (): string =>
  fieldTable(
    z.object({
      ...topologySchema.shape,
      nodes: z.record(z.string(), z.any()).describe('The nodes by name: [nodes](nodes.md)'),
      links: z.array(z.any()).default([]).describe('What joins their ports: [links](links.md)'),
      verify: z.array(z.any()).optional().describe(verifyMeaning()),
    }),
  );

const verifyMeaning = (): string =>
  `${topologySchema.shape.verify.meta()?.description ?? ''}: [probes](probes.md)`;

/** Every generated page by its name below docs/reference/. */
export function referencePages(): Readonly<Record<string, string>> {
  return {
    'topology.md': page('Topology', [
      'The file as a whole. Editors complete and check it by `docs/schema/topology.json`.',
      topologyTable(),
    ]),
    'links.md': kindPage(
      'Links',
      `What joins ports. Each goes into \`links:\` with its \`kind\`. Every kind also has the fields common to all links:\n\n${fieldTable(z.object(commonLinkFields))}`,
      writtenLinkKinds,
      ['kind'],
    ),
    'nodes.md': kindPage(
      'Nodes',
      `Things with a network stack. Every kind also has the fields common to all nodes:\n\n${fieldTable(z.object(commonNodeFields))}\n\nand \`devices\`, a list of [devices](devices.md).`,
      nodeKinds,
      ['kind'],
    ),
    'devices.md': kindPage(
      'Devices',
      'What a node builds inside its stack. Each goes into `devices:` of a node.',
      deviceKinds,
      ['kind'],
    ),
    'probes.md': kindPage(
      'Probes',
      'What `verify` sends. Each goes into `verify:` with its `probe`. Every probe that sends has `from` and `to` (`sw1:eth1`, `sw1`, `sw1/c1`), `expect` (`pass` or `blocked`), `at` (the hop where a blocked frame must die) and `nowhere_else` (no other end of the lab may see it; questions to all, of ARP and neighbour discovery, do not count); one that looks at a place has `at`, the place, and `expect`.' +
        `\n\nBetween two of them \`verify:\` may do something: checks behind it are predicted and made in the state that it left, and in the end, also after Ctrl-C, all is as it was.\n\n${fieldTable(stepSchema)}`,
      probeKinds,
      ['probe'],
    ),
    'controllers.md': controllersPage(),
    'hops.md': hopsPage(),
    'findings.md': findingsPage(),
    'errors.md': errorsPage(),
  };
}
