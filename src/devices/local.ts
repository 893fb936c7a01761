import type { LocalDevice } from './define.js';

/** Read `[NAMESPACE:]DEVICE`. */
export function parseLocal(text: string): LocalDevice {
  const [name = '', namespace] = text.split(':').reverse();
  return { name, namespace };
}
