import { runCommand, tryCommand } from '../../src/apply/command.js';

/** The distribution's interpreter: that is where the package puts Mininet. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = new URL('mininet-chain.py', import.meta.url).pathname;

/** Why Mininet cannot be measured here; nothing where it can. */
export async function mininetLacks(): Promise<string | undefined> {
  const { exitCode } = await tryCommand([PYTHON, '-c', 'import mininet.net']).catch(() => ({
    exitCode: 1,
  }));
  return exitCode === 0 ? undefined : 'Mininet is not installed (Debian package `mininet`)';
}

/** Milliseconds to start and to stop a chain of so many hosts, without the start of Python itself. */
export async function mininetChain(
  nodes: number,
  signal: AbortSignal,
): Promise<{ readonly start: number; readonly stop: number }> {
  const { stdout } = await runCommand([PYTHON, SCRIPT, String(nodes)], { signal });
  const seconds = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, number>;
  return { start: 1000 * (seconds.start ?? NaN), stop: 1000 * (seconds.stop ?? NaN) };
}
