import type { ContainerEngine } from './define.js';
import { docker } from './engines/docker.js';
import { podman } from './engines/podman.js';

/** The registry: one line for each engine. */
export const containerEngines: readonly ContainerEngine[] = [docker, podman];

const byName = new Map(containerEngines.map((one) => [one.name, one]));

/** The descriptor of an engine. @throws RangeError for one that does not exist */
export function containerEngine(name: string): ContainerEngine {
  const found = byName.get(name);
  if (!found) throw new RangeError(`there is no container engine ${name}`);
  return found;
}
