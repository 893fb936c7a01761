import type { ImportedNode, ImportedRoute, LeftOut } from './define.js';

/** Commands by which files of containerlab set up hosts: ip(8) sets addresses and routes, which a topology has as fields. */

type Fields = Pick<ImportedNode, 'addresses' | 'routes' | 'sysctls'>;

/** `ip addr add 10.0.0.1/24 dev eth1` and its abbreviations. */
const ADDRESS = /^ip (?:-[46] )?a(?:d|dd|ddr|ddress)? (?:a|add|replace) (\S+\/\d+) dev (\S+)$/;
const ROUTE =
  /^ip (?:-[46] )?r(?:o|oute)? (?:a|add|replace|change) (\S+)(?: via (\S+))?(?: dev (\S+))?$/;
const SYSCTL = /^sysctl (?:-w )?(net\.[\w.]+)=(\d+)$/;
/** What patchlab does anyway. */
const ALREADY = /^ip l(?:ink)? (?:s|set) (?:dev )?\S+ up$/;

/** The fields that commands stand for; the others are told. @param portOf - the name in the lab of a port that a link ends at */
export function readCommands(
  commands: readonly unknown[],
  at: string,
  portOf: (port: string) => string | undefined,
  left: LeftOut[],
): Fields {
  const addresses: Record<string, string[]> = {};
  const routes: ImportedRoute[] = [];
  const sysctls: Record<string, number> = {};
  for (const command of commands) {
    const text = String(command).trim().replaceAll(/\s+/g, ' ');
    const [, address, device] = ADDRESS.exec(text) ?? [];
    const [, to, via, dev] = ROUTE.exec(text) ?? [];
    const [, key, value] = SYSCTL.exec(text) ?? [];
    const port = portOf(device ?? dev ?? '');
    if (address !== undefined && port !== undefined) (addresses[port] ??= []).push(address);
    else if (to !== undefined && (via !== undefined || port !== undefined))
      routes.push({
        to: to.includes('/') || to === 'default' ? to : `${to}/${to.includes(':') ? 128 : 32}`,
        ...(via === undefined ? { dev: port ?? '' } : { via }),
      });
    else if (key !== undefined) sysctls[key] = Number(value);
    else if (!ALREADY.test(text))
      left.push({ at, why: `\`${text}\` is no field of a topology; \`patchlab exec\` runs it` });
  }
  return {
    ...(Object.keys(addresses).length > 0 && { addresses }),
    ...(routes.length > 0 && { routes }),
    ...(Object.keys(sysctls).length > 0 && { sysctls }),
  };
}
