import type { Report } from './result.js';

/** The result as data, version 1: docs/schema/results.json. */
export const formatJson = ({ result }: Report): string => JSON.stringify(result, undefined, 2);
