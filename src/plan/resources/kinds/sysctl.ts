import { defineResource } from '../define.js';
import { readFrom } from '../look.js';

interface SysctlState {
  readonly key: string;
  readonly value: string;
}

const set = ({ key, value }: SysctlState) => [{ do: { tool: 'sysctl', key, value } as const }];

/** The kernel separates words in its own way. */
const words = (text: string): string => text.trim().split(/\s+/).join(' ');

/** A setting of the kernel: sysctl(8). What it was before is known nowhere, so it goes only with its stack. */
export const sysctl = defineResource<SysctlState>({
  type: 'sysctl',
  noun: 'kernel setting',
  stage: () => 'inside',
  make: set,
  change: (_, wanted) => set(wanted),
  questions: ({ key }, where) => [{ where, what: 'sysctls', name: key }],
  read: ({ key, value }, look, { where }) =>
    readFrom(look(where, 'sysctls'), { key, value }, (all) => {
      const real = all[key];
      return { key, value: real === undefined || words(real) === words(value) ? value : real };
    }),
});
