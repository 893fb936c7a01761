import { clab } from './clab.js';
import type { ImportFormat } from './define.js';
import { netlab } from './netlab.js';

/** Formats that can be imported; the first one that takes a file reads it. */
export const importFormats: readonly ImportFormat[] = [clab, netlab];
