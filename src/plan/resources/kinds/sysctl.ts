import { defineResource } from '../define.js';

interface SysctlState {
  readonly key: string;
  readonly value: string;
}

const set = ({ key, value }: SysctlState) => [{ do: { tool: 'sysctl', key, value } as const }];

/** A setting of the kernel: sysctl(8). What it was before is known nowhere, so it goes only with its stack. */
export const sysctl = defineResource<SysctlState>({
  type: 'sysctl',
  noun: 'kernel setting',
  stage: () => 'inside',
  make: set,
  change: (_, wanted) => set(wanted),
});
