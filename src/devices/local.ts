import type { LocalDevice } from './define.js';

/** Read `[NAMESPACE:]DEVICE`. */
export function parseLocal(text: string): LocalDevice {
  const [name = '', namespace] = text.split(':').reverse();
  return { name, namespace };
}

/** Write it: what `parseLocal` reads. Two devices of a node have different ones. */
export const localText = ({ namespace, name }: LocalDevice): string =>
  namespace === undefined ? name : `${namespace}:${name}`;
