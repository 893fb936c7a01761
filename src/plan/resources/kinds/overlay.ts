import { defineResource } from '../define.js';

interface OverlayState {
  /** Where it is. */
  readonly path: string;
  /** What it lies over, which is never written to, and the format of that. */
  readonly image: string;
  readonly format: string;
  /** It outlasts the lab. */
  readonly persists: boolean;
}

/** $1: overlay, $2: image, $3: its format, $4: whether one that is there is kept. */
const MAKE = `
folder=\${1%/*}
[ -d "$folder" ] || mkdir -p -m 711 "$folder" || exit 1
if [ "$4" = keep ] && [ -e "$1" ]; then
  qemu-img info -U "$1" | grep -qxF "backing file: $2" && ! [ "$2" -nt "$1" ] && exit
  echo "$1 was kept, but lies over another image than $2, or that was changed since: remove it to begin anew" >&2
  exit 1
fi
rm -f -- "$1"
umask 077
exec qemu-img create -q -f qcow2 -F "$3" -b "$2" "$1"
`;

/** A copy-on-write overlay over a disk image: qemu-img(1). */
export const overlay = defineResource<OverlayState>({
  type: 'overlay',
  noun: 'overlay',
  stage: () => 'devices',
  lasting: true,
  make: ({ path, image, format, persists }) => [
    {
      do: {
        tool: 'exec',
        argv: ['sh', '-c', MAKE, 'overlay', path, image, format, persists ? 'keep' : 'anew'],
      },
    },
  ],
  remove: ({ path, persists }) => (persists ? [] : [{ do: { tool: 'remove-file', path } }]),
  change: (old, wanted) =>
    old.path === wanted.path && old.image === wanted.image && old.format === wanted.format
      ? []
      : 'an overlay fits the image that it was made over alone',
});
