import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * The layout of src/ as rules on imports: who may touch the machine, and who may know whom. Every
 * list below is one sentence of docs/architecture.md.
 */

/** Modules that read or change the machine. */
const machine =
  '^(node:)?(fs|fs/promises|child_process|net|os|dgram|http|https|tls|worker_threads)$|^(execa|jiti)$';

/** Folders that compute and nothing else. */
const pureFiles = [
  'src/*.ts',
  'src/{topology,frames,nft,ip,links,nodes,devices,probes,controllers,containers,hops,import,plan,report}/**/*.ts',
  'src/verify/{judge/{judge*,verdict},capture/pcap,evidence/{annotate,clocks,pcapng}}.ts',
  'src/verify/{findings,judge/causes,judge/filters}/**/*.ts',
];
/** The loaders: pure but for reading the files that they are named after. */
const loaderFiles = ['src/topology/load*.ts'];

const boundary = (regex, message) => ({ regex, message, allowTypeImports: true });
const noMachine = boundary(machine, 'This folder is pure: read and change the machine in apply/.');
const noApply = boundary('/(apply|guests)/', 'This folder is pure: it may not act on a host.');
const noVerify = boundary(
  '/verify/(?!judge/judge[^/]*\\.js$|capture/pcap\\.js$)',
  'This folder is pure: of verify/ it may use the judge and the pcap reader only.',
);
const noCli = boundary('/cli/', 'Nothing imports the command line but bin/patchlab.');

const imports = (...patterns) => ({
  'no-restricted-imports': ['error', { patterns }],
});

const noSwitchOverKinds = {
  selector: 'SwitchStatement[discriminant.property.name="kind"]',
  message: 'No switch over kinds: let the descriptor of the kind answer.',
};
const noDefaultExport = [
  {
    selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
    message: 'Export by name.',
  },
];
const noLazyImport = {
  selector: 'ImportExpression',
  message: 'Import at the top of the file, where the rules on imports see it.',
};
const syntax = (...rules) => ({ 'no-restricted-syntax': ['error', ...rules] });

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', 'docs/', 'test/**/fixtures/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...syntax(noSwitchOverKinds, ...noDefaultExport),
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Set process.exitCode and return.' },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  { files: ['src/**/*.ts'], rules: imports(noCli) },
  {
    files: pureFiles,
    ignores: loaderFiles,
    rules: {
      ...imports(noMachine, noApply, noVerify, noCli),
      ...syntax(noSwitchOverKinds, ...noDefaultExport, noLazyImport),
    },
  },
  // The public API re-exports everything but the command line.
  { files: ['src/index.ts'], rules: imports(noMachine, noCli) },
  { files: loaderFiles, rules: imports(noApply, noVerify, noCli) },
  {
    files: ['src/cli/**/*.ts'],
    rules: {
      'no-restricted-imports': 'off',
      'no-console': 'off',
      'no-restricted-properties': 'off',
    },
  },
  {
    files: ['topologies/**/*.ts', '*.{js,ts}'],
    rules: syntax(noSwitchOverKinds),
  },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  // Plain programs: no types to check, and their output is their purpose.
  {
    files: ['**/*.{js,mjs}', 'bin/patchlab', 'scripts/host-snapshot'],
    ...tseslint.configs.disableTypeChecked,
  },
  {
    files: ['scripts/**', 'bin/patchlab'],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
);
