import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../src/apply/command.js';
import { stepsOf } from '../../src/plan/resources/steps.js';
import type { Command, Plan } from '../../src/plan/step.js';

/** A plan's objects made and removed by iproute2 alone. */
export interface BareIp {
  make(signal?: AbortSignal): Promise<unknown>;
  remove(): Promise<unknown>;
}

/** One batch for the host, then one for each namespace, by as many processes as there are processors. */
const MAKE = `ip -batch "$1/root" && cd "$1/inside" && ls | xargs -P "$(nproc)" -I{} ip -n {} -batch {}`;

/** Write the plan's commands as batches, as a person who wants it fast would. Only plans of `ip` can be had so. */
export async function bareIp(folder: string, plan: Plan): Promise<BareIp> {
  const line = (command: Command): string => {
    if (command.tool !== 'ip') throw new RangeError(`${command.tool} is not iproute2`);
    return `${command.args.join(' ')}\n`;
  };
  const root: string[] = [];
  const undo: string[] = [];
  const inside = new Map<string, string>();
  for (const step of stepsOf(plan.resources)) {
    const { netns } = step.where;
    if (netns === undefined) root.push(line(step.do));
    else inside.set(netns, (inside.get(netns) ?? '') + line(step.do));
    if (step.undo) undo.unshift(line(step.undo));
  }
  await mkdir(join(folder, 'inside'), { recursive: true });
  await writeFile(join(folder, 'root'), root.join(''));
  await writeFile(join(folder, 'undo'), undo.join(''));
  for (const [netns, text] of inside) await writeFile(join(folder, 'inside', netns), text);
  return {
    make: (signal) => runCommand(['sh', '-c', MAKE, 'sh', folder], { signal }),
    remove: () => runCommand(['ip', '-force', '-batch', join(folder, 'undo')]),
  };
}
