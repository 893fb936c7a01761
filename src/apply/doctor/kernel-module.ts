import type { CheckContext } from './define.js';

/** Is there a module of that name for the kernel that runs? Loads none: modprobe(8) `--dry-run`. @throws the reason of the signal when it is aborted */
export async function hasModule(name: string, context: CheckContext): Promise<boolean> {
  const found = await context
    .run(['modprobe', '--dry-run', '--quiet', name])
    .catch(() => undefined);
  context.signal?.throwIfAborted();
  return found?.exitCode === 0;
}
