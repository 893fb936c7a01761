import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { annotate, type CaptureContext, type HopCapture } from './annotate.js';
import { writePcapng } from './pcapng.js';

/** Write all captures of a verification into one pcapng file, ready for Wireshark. Folders on the way are made. */
export async function writeEvidence(
  file: string,
  captures: readonly HopCapture[],
  context: CaptureContext,
): Promise<void> {
  const bytes = writePcapng(annotate(captures, context));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
}
