import type { Host } from '../../apply/hosts/define.js';
import { clockErrors, type Passage } from '../evidence/clocks.js';

/** How often a machine is asked for its time: the quickest question tells most. */
const QUESTIONS = 8;

/** What the clock of this machine says: seconds since the epoch. */
export const localTime = (): number => (performance.timeOrigin + performance.now()) / 1000;

/**
 * By how many seconds the clock of each machine is ahead of that of this one: what is asked and answered went from one
 * machine to the other as frames do. Nothing for a machine that does not answer.
 */
export async function compareClocks(hosts: readonly Host[]): Promise<ReadonlyMap<string, number>> {
  const passages = await Promise.all(hosts.map((host) => ask(host).catch(() => [])));
  return clockErrors(passages.flat());
}

async function ask(host: Host): Promise<readonly Passage[]> {
  const passages: Passage[] = [];
  if (!host.clock) return passages;
  for (let question = 0; question < QUESTIONS; question += 1) {
    const asked = { host: 'local', time: localTime() };
    const said = { host: host.name, time: await host.clock() };
    passages.push(
      { from: asked, to: said },
      { from: said, to: { host: 'local', time: localTime() } },
    );
  }
  return passages;
}
