import { z } from 'zod';
import type { Answers } from '../plan/resources/look.js';

/** What tools say in JSON, as rows: bridge(8), ip(8), tc(8). */

const row = z
  .record(z.string(), z.unknown())
  .transform((fields) =>
    Object.fromEntries(
      Object.entries(fields).flatMap(([name, value]) =>
        typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [],
      ),
    ),
  );

/** Several lists of JSON, one after the other, as one; nothing where that makes no sense. */
export function rowsOf(text: string): Answers['routes'] | undefined {
  try {
    const lists = text.split(/\n(?=\[)/).filter((part) => part.trim() !== '');
    return lists.flatMap((list) => z.array(row).parse(JSON.parse(list)));
  } catch {
    return undefined;
  }
}

/** What `bridge -j mdb show` says; nothing where that makes no sense. */
export function groupsOf(text: string): Answers['mdb'] | undefined {
  try {
    const all = z.array(z.object({ mdb: z.array(row) })).parse(JSON.parse(text));
    return all.flatMap(({ mdb }) => mdb);
  } catch {
    return undefined;
  }
}

const qdisc = z
  .object({
    ...{ kind: z.string(), dev: z.string(), root: z.boolean().optional() },
    options: z.record(z.string(), z.unknown()).optional(),
  })
  .transform(({ kind, ...rest }) => ({ discipline: kind, ...rest }));

/** Queues as tc(8) shows them; nothing where that makes no sense. */
export function qdiscsOf(text: string): Answers['qdiscs'] | undefined {
  try {
    return z.array(qdisc).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
