/**
 * A program of 146 bytes that makes the kernel's random generator take a new seed at once: the ioctl
 * RNDRESEEDCRNG (random(4)) on its standard input. Bytes written to /dev/urandom go into the pool only, and
 * the generator takes from it seconds to a minute later (Linux drivers/char/random.c, crng_has_old_seed), so
 * two guests that start from one state would draw the same numbers until then. No program of a small guest
 * makes this call, and the kernel that would hear of it from the machine (vmgenid) is not Debian's.
 */
export function reseedProgram(): Uint8Array {
  const load = 0x400000n;
  const headers = 64 + 56;
  const code = Buffer.from(
    [
      '31ff', //         xor edi, edi       standard input
      'be07520000', //   mov esi, 0x5207    RNDRESEEDCRNG
      '31d2', //         xor edx, edx
      'b810000000', //   mov eax, 16        ioctl
      '0f05', //         syscall
      '89c7', //         mov edi, eax
      'f7df', //         neg edi            exit code: 0 or errno
      'b83c000000', //   mov eax, 60        exit
      '0f05', //         syscall
    ].join(''),
    'hex',
  );
  const size = headers + code.length;
  const bytes = Buffer.alloc(size);
  // ELF header, elf(5): 64 bit, little endian, executable, x86-64, one program header.
  Buffer.from('7f454c460201010000000000000000000200', 'hex').copy(bytes);
  bytes.writeUInt16LE(62, 18);
  bytes.writeUInt32LE(1, 20);
  bytes.writeBigUInt64LE(load + BigInt(headers), 24);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(64, 52);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  // Program header: load the whole file, to be read and executed.
  bytes.writeUInt32LE(1, 64);
  bytes.writeUInt32LE(5, 68);
  bytes.writeBigUInt64LE(load, 80);
  bytes.writeBigUInt64LE(load, 88);
  bytes.writeBigUInt64LE(BigInt(size), 96);
  bytes.writeBigUInt64LE(BigInt(size), 104);
  bytes.writeBigUInt64LE(0x1000n, 112);
  code.copy(bytes, headers);
  return bytes;
}
