import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { argvOf } from '../../../src/cli/bytes.js';

it('hands words on octet by octet, those that are no text too', () => {
  const word = fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.filter((byte) => byte !== 0));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const [file = '', ...args] = argvOf(
        ['printf', '%s\\0', ...words].map((one) => Buffer.from(one as string)),
      );
      const printed = execFileSync(file, args);
      expect(printed).toEqual(
        Buffer.concat(words.flatMap((one) => [Buffer.from(one), Buffer.from([0])])),
      );
    }),
    { numRuns: 50 },
  );
});

it('leaves text as it is', () => {
  expect(argvOf([Buffer.from('écho'), Buffer.from('1e3')])).toEqual(['écho', '1e3']);
});
