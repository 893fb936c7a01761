import { describe, expect, it } from 'vitest';
import { parseUris } from '../../../src/guests/archive.js';
import { parseDependencies } from '../../../src/guests/modules.js';

describe('parseUris', () => {
  const sum = 'c'.repeat(64);

  it('reads what apt-get prints, an epoch in the file name included', () => {
    const file = 'ethtool_1%3a6.1-1_amd64.deb';
    const text = `'http://host/pool/ethtool_6.1-1_amd64.deb' ${file} 197092 SHA256:${sum}\n`;
    expect(parseUris(text)).toEqual([{ package: 'ethtool', file, sha256: sum }]);
  });

  it('leaves out what cannot be checked', () => {
    const line = `'http://host/a_1_amd64.deb' a_1_amd64.deb 1 `;
    expect(parseUris(`${line}\n${line}MD5Sum:${'0'.repeat(32)}\n${line}SHA256:12\n`)).toEqual([]);
  });
});

describe('parseDependencies', () => {
  it('gives each module its own file and those that it needs, under the name that the kernel uses', () => {
    const text =
      'kernel/net/8021q/8021q.ko: kernel/net/802/garp.ko\nkernel/drivers/virtio-rng.ko.xz:\n';
    expect([...parseDependencies(text)]).toEqual([
      ['8021q', ['kernel/net/8021q/8021q.ko', 'kernel/net/802/garp.ko']],
      ['virtio_rng', ['kernel/drivers/virtio-rng.ko.xz']],
    ]);
  });
});
