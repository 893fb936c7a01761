import { z } from 'zod';
import { isRecord } from '../../is-record.js';
import type { Path } from '../problem.js';

/** What a schema says of a place in a file. */

type Schema = z.core.$ZodType;
type Def = z.core.$ZodTypeDef & {
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly shape?: Record<string, Schema>;
  readonly element?: Schema;
  readonly items?: readonly Schema[];
  readonly valueType?: Schema;
  readonly catchall?: Schema;
  readonly options?: readonly Schema[];
  readonly discriminator?: string;
  readonly checks?: readonly { readonly _zod: { readonly def: Bound } }[];
};
interface Bound {
  readonly check: string;
  readonly value?: unknown;
}

const defOf = (schema: Schema): Def => schema._zod.def;

/** The value at a key or index, of anything. */
const step = (value: unknown, key: string | number): unknown =>
  (value as Record<string, unknown> | null | undefined)?.[key];

/** The value at a path, of anything. */
export const valueAt = (value: unknown, path: Path): unknown => path.reduce(step, value);

/** The variants of a union that the written value chooses by its discriminator, or by the first of its keys. */
function variantsFor({ options = [], discriminator }: Def, value: unknown): readonly Schema[] {
  if (discriminator === undefined) {
    const marked = options.filter((option) => {
      const { discriminator: own, shape } = defOf(option);
      const key = own ?? Object.keys(shape ?? {})[0];
      return key !== undefined && isRecord(value) && value[key] !== undefined;
    });
    return marked.length > 0 ? marked : options;
  }
  const chosen = step(value, discriminator);
  return options.filter((option) =>
    defOf(option).shape?.[discriminator]?._zod.values?.has(chosen as string),
  );
}

/** The schemas that a place in a file may be held against. */
function schemasAt(schema: Schema, path: Path, value: unknown): readonly Schema[] {
  const def = defOf(schema);
  const inner = def.innerType ?? def.in;
  if (inner) return [...(path.length === 0 ? [schema] : []), ...schemasAt(inner, path, value)];
  if (def.options && (path.length > 0 || def.discriminator === undefined))
    return variantsFor(def, value).flatMap((option) => schemasAt(option, path, value));
  const [key, ...rest] = path;
  if (key === undefined) return [schema];
  const next =
    def.shape?.[key] ?? def.items?.[key as number] ?? def.element ?? def.valueType ?? def.catchall;
  return next ? schemasAt(next, rest, step(value, key)) : [];
}

/** The keys that an object may have at a place. */
export const keysAt = (root: Schema, path: Path, input: unknown): readonly string[] =>
  schemasAt(root, path, input).flatMap((schema) => {
    const def = defOf(schema);
    const objects =
      def.discriminator === undefined ? [schema] : variantsFor(def, valueAt(input, path));
    return objects.flatMap((object) => Object.keys(defOf(object).shape ?? {}));
  });

/** What the documentation says of the field at a place. */
export const describedAt = (root: Schema, path: Path, input: unknown): string | undefined =>
  schemasAt(root, path, input)
    .map((schema) => z.globalRegistry.get(schema)?.description)
    .find((text) => text !== undefined);

/** The discriminator of the union at a place, with its values. */
export function discriminatorAt(
  root: Schema,
  path: Path,
  input: unknown,
): { readonly key: string; readonly values: readonly string[] } | undefined {
  for (const schema of schemasAt(root, path, input)) {
    const { discriminator: key, options = [] } = defOf(schema);
    if (key === undefined) continue;
    const values = options.flatMap((option) => [
      ...(defOf(option).shape?.[key]?._zod.values ?? []),
    ]);
    return { key, values: values.map(String) };
  }
  return undefined;
}

/** The least and the greatest number that a place takes, as far as its schema says. */
export function boundsAt(
  root: Schema,
  path: Path,
  input: unknown,
): { readonly min: number | undefined; readonly max: number | undefined } {
  const checks = schemasAt(root, path, input).flatMap((schema) => defOf(schema).checks ?? []);
  const bound = (name: string): number | undefined =>
    checks
      .map(({ _zod: { def } }) => (def.check === name ? def.value : undefined))
      .find((value) => typeof value === 'number');
  return { min: bound('greater_than'), max: bound('less_than') };
}
