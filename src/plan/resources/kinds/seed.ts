import { defineResource, type Act } from '../define.js';

/** The files that cloud-init reads: https://docs.cloud-init.io/en/latest/reference/datasources/nocloud.html */
export interface SeedFiles {
  readonly 'meta-data': string;
  readonly 'user-data': string;
  readonly 'network-config': string;
}

interface SeedState {
  /** Where it is. */
  readonly path: string;
  readonly files: SeedFiles;
  /** Nothing else sets up the guest. */
  readonly isAll: boolean;
}

/** $1: seed, then the files. Another file takes its place: a guest that runs has the old one open. */
const MAKE = `
work=$(mktemp -d) || exit 1
trap 'rm -rf -- "$work"' EXIT
umask 077
mkdir -p -m 711 "\${1%/*}" &&
  printf %s "$2" >"$work/meta-data" &&
  printf %s "$3" >"$work/user-data" &&
  printf %s "$4" >"$work/network-config" &&
  genisoimage -quiet -volid cidata -joliet -rock -output "$1.new" "$work" &&
  mv -f -- "$1.new" "$1"
`;

const write = ({ path, files }: SeedState): readonly Act[] => [
  {
    do: {
      tool: 'exec',
      argv: [
        ...['sh', '-c', MAKE, 'seed', path],
        ...[files['meta-data'], files['user-data'], files['network-config']],
      ],
    },
  },
];

/** A NoCloud seed: a file system with the label cidata. */
export const seed = defineResource<SeedState>({
  type: 'seed',
  noun: 'seed',
  stage: () => 'devices',
  lasting: true,
  make: write,
  remove: ({ path }) => [{ do: { tool: 'remove-file', path } }],
  change: (_, wanted) =>
    wanted.isAll
      ? 'nothing but cloud-init sets up its guest, and that reads it at boot'
      : write(wanted),
});
