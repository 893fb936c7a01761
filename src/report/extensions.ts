/** Formats of reports by the extensions of their files. Apart from the formats, which take a while to load. */
export const REPORT_EXTENSIONS = {
  '.txt': 'terminal',
  '.json': 'json',
  '.xml': 'junit',
  '.md': 'markdown',
  '.html': 'html',
  '.svg': 'svg',
} as const;

export type FormatName = (typeof REPORT_EXTENSIONS)[keyof typeof REPORT_EXTENSIONS];
