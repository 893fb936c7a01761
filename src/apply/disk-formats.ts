import { open } from 'node:fs/promises';

/** What is at the beginning of a file, as far as formats of disks are told by it. */
export interface Head {
  /** Bytes that the file has. */
  readonly size: number;
  readonly bytes: Buffer;
}

/** Bytes that are enough for each format. */
const ENOUGH = 2048;

/** Read the beginning of a file. @throws an error of open(2) */
export async function readHead(path: string): Promise<Head> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(ENOUGH), 0, ENOUGH, 0);
    return { size, bytes: buffer.subarray(0, bytesRead) };
  } finally {
    await file.close();
  }
}

/** Is it an image in QEMU's own format? docs/interop/qcow2.txt of QEMU: the magic number, then the version. */
const isQcow2 = ({ bytes }: Head): boolean =>
  bytes.length >= 8 && bytes.readUInt32BE(0) === 0x514649fb && bytes.readUInt32BE(4) >= 2;

/** What other formats begin with, and what is done with such a file. */
const OTHERS: readonly {
  readonly what: string;
  readonly magic: string;
  readonly mend: (path: string) => string;
}[] = [
  { what: 'compressed by xz', magic: 'fd377a585a00', mend: (path) => `unxz -k ${path}` },
  { what: 'compressed by gzip', magic: '1f8b', mend: (path) => `gunzip -k ${path}` },
  { what: 'compressed by zstd', magic: '28b52ffd', mend: (path) => `unzstd ${path}` },
  { what: 'compressed by bzip2', magic: '425a68', mend: (path) => `bunzip2 -k ${path}` },
  // VMDK, VHDX, VHD, VDI.
  ...['4b444d56', '7668647866696c65', '636f6e6563746978', '3c3c3c20'].map((magic) => ({
    what: 'an image of another virtual machine',
    magic,
    mend: (path: string) => `qemu-img convert -O qcow2 ${path} ${path}.qcow2`,
  })),
];

/** A partition table or a loader (0x55aa at the end of the first sector), or a file system of ext4(5), which a kernel of one's own can boot. */
const isRaw = ({ size, bytes }: Head): boolean =>
  size % 512 === 0 &&
  bytes.length === ENOUGH &&
  (bytes.readUInt16LE(510) === 0xaa55 || bytes.readUInt16LE(1080) === 0xef53);

/** Why a file cannot be booted from, and what to do; nothing where it can. Pure. */
export function refusalOf(path: string, head: Head): { what: string; mend: string } | undefined {
  if (isQcow2(head) || isRaw(head)) return undefined;
  const hex = head.bytes.toString('hex', 0, 8);
  const other = OTHERS.find(({ magic }) => hex.startsWith(magic));
  return other
    ? { what: `\`${path}\` is ${other.what}.`, mend: other.mend(path) }
    : {
        what: `\`${path}\` is no disk image: neither qcow2, nor raw with a partition table.`,
        mend: `qemu-img info ${path}`,
      };
}

/** The formats of disk images, by path; without those that cannot be read, of which the doctor tells. */
export async function formatsOf(
  images: readonly string[],
): Promise<Readonly<Record<string, 'qcow2' | 'raw'>>> {
  const found = await Promise.all(
    images.map(async (image) => {
      const head = await readHead(image).catch(() => undefined);
      return head ? [[image, isQcow2(head) ? 'qcow2' : 'raw'] as const] : [];
    }),
  );
  return Object.fromEntries(found.flat());
}
