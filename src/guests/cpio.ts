/**
 * The "newc" archive that the kernel unpacks as its initramfs: cpio(5), Linux
 * Documentation/driver-api/early-userspace/buffer-format.rst. Times and inode numbers are fixed, so that
 * the same entries give the same bytes.
 */
export interface ArchiveEntry {
  /** Path without a leading slash. */
  readonly path: string;
  /** File type and permissions as in st_mode (inode(7)). */
  readonly mode: number;
  /** Contents of a file, target of a symbolic link. */
  readonly data?: Uint8Array;
  /** Major and minor number of a device node. */
  readonly device?: readonly [major: number, minor: number];
}

export const TYPE = {
  file: 0o100000,
  folder: 0o040000,
  link: 0o120000,
  character: 0o020000,
} as const;

const ALIGNMENT = 4;

/** Write an archive. All entries belong to root. */
export function writeCpio(entries: readonly ArchiveEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  const add = (bytes: Uint8Array): void => {
    const padding = (ALIGNMENT - ((size + bytes.length) % ALIGNMENT)) % ALIGNMENT;
    parts.push(bytes, new Uint8Array(padding));
    size += bytes.length + padding;
  };
  [...entries, { path: 'TRAILER!!!', mode: 0 }].forEach((entry: ArchiveEntry, index) => {
    const name = Buffer.from(`${entry.path}\0`);
    const data = entry.data ?? new Uint8Array(0);
    const [major, minor] = entry.device ?? [0, 0];
    const links = (entry.mode & TYPE.folder) === TYPE.folder ? 2 : 1;
    const fields = [index + 1, entry.mode, 0, 0, links, 0, data.length, 0, 0, major, minor];
    const header = [...fields, name.length, 0].map((field) => field.toString(16).padStart(8, '0'));
    add(Buffer.concat([Buffer.from(`070701${header.join('')}`), name]));
    add(data);
  });
  return Buffer.concat(parts);
}
