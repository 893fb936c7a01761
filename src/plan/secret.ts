import { isRecord } from '../is-record.js';

/** What the file keeps from others: a key that it gives. It is known by its shape wherever it goes. */
export interface Secret {
  readonly secret: string;
}

/** What stands where a secret is not shown. */
const HIDDEN = 'HIDDEN';

const isSecret = (value: Readonly<Record<string, unknown>>): boolean =>
  Object.keys(value).length === 1 && typeof value['secret'] === 'string';

/** The text of a value, secret or not. */
export const revealed = (value: string | Secret): string =>
  typeof value === 'string' ? value : value.secret;

/** The same data without what it keeps secret, to be shown. */
export function withoutSecrets<T>(data: T): T {
  if (Array.isArray(data)) return data.map((one: unknown) => withoutSecrets(one)) as T;
  if (!isRecord(data)) return data;
  if (isSecret(data)) return { secret: HIDDEN } as T;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, withoutSecrets(value)]),
  ) as T;
}
