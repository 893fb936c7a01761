import { z } from 'zod';

interface FieldSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
}

/** Each switch of a schema turned, and each other choice taken, one at a time: fields by the name of the setting. */
export function choicesIn(schema: z.ZodObject): Readonly<Record<string, object>> {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  const choices = Object.entries(properties).flatMap(([field, described]) => {
    const { type, enum: values, default: standard } = described as FieldSchema;
    const others = type === 'boolean' ? [standard !== true] : (values ?? []);
    return others
      .filter((value) => value !== standard)
      .map((value) => [
        type === 'boolean' ? field : `${field} ${String(value)}`,
        { [field]: value },
      ]);
  });
  return Object.fromEntries(choices) as Readonly<Record<string, object>>;
}
