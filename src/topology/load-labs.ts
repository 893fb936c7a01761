import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The labs that come with patchlab: `topologies/THEME/NAME.yaml`, or `.ts`. Whoever wants one finds it here. */

/** Folder of the labs, beside `src` and `dist` alike. */
const FOLDER = fileURLToPath(new URL('../../topologies/', import.meta.url));

interface Theme {
  readonly folder: string;
  readonly title: string;
}

/** The folders of the labs, in the order in which they are listed. */
export const themes: readonly Theme[] = [
  { folder: 'cables', title: 'Cables between two ports' },
  { folder: 'bridges', title: 'Linux bridges' },
  { folder: 'macvlan', title: 'Many on one device: macvlan, macvtap, ipvlan' },
  { folder: 'open-vswitch', title: 'Open vSwitch' },
  { folder: 'devices', title: 'Devices in a node' },
  { folder: 'containers', title: 'Containers of Docker and Podman' },
  { folder: 'routing', title: 'Routers, routes and packet filters' },
];

/** A lab that comes with patchlab. */
export interface ShippedLab {
  /** The lab's own name, which its file has too. */
  readonly name: string;
  readonly theme: Theme;
  /** Absolute path. */
  readonly file: string;
}

/** All of them, by theme and by name. */
export const shippedLabs = (): readonly ShippedLab[] =>
  themes.flatMap((theme) =>
    readdirSync(join(FOLDER, theme.folder))
      .sort()
      .map((name) => ({
        name: basename(name, extname(name)),
        theme,
        file: join(FOLDER, theme.folder, name),
      })),
  );

/** The one of a name. */
export const shippedLab = (name: string): ShippedLab | undefined =>
  shippedLabs().find((lab) => lab.name === name);

/** Does the user mean a file rather than the name of a lab that is up? */
export const isFile = (target: string): boolean =>
  target.includes('/') ||
  extname(target) !== '' ||
  (statSync(target, { throwIfNoEntry: false })?.isFile() ?? false);
