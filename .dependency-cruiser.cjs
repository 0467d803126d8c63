// Import directions of the project (src/README.md, "Who may import whom"). `npm run check` fails on any other.
const inside = (modules) => `^src/(${modules.join('|')})`;

/** A module may import these parts of src/, and nothing else of it. */
const may = (name, from, to, extra = []) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|db|test)/', pathNot: [from, ...to, ...extra] },
});

const WORDS = inside(['message\\.ts', 'errors\\.ts', 'clock\\.ts']);
const YAML = inside(['yaml-source\\.ts']);

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: 'web/public' },
      to: {},
    },
    {
      name: 'nobody-imports-main',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/(main|cli)\\.ts' },
    },
    {
      name: 'demo-is-apart',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(demo|cli)/' },
      to: { path: '^src/demo/' },
    },
    { name: 'no-test-in-src', severity: 'error', from: { path: '^(src|db)/' }, to: { path: '^test/' } },
    may('words-import-nothing', '^src/(message|errors|clock)\\.ts', []),
    may('usage-event-reaches-nothing', '^src/usage/event\\.ts', []),
    may('flow', '^src/flow/', [
      WORDS,
      YAML,
      inside(['content/types', 'engine/types', 'i18n/fold', 'understanding/types']),
    ]),
    may('engine', '^src/engine/', [
      WORDS,
      inside([
        ...['flow/types', 'flow/keys', 'content/types', 'handoff/types', 'usage/event', 'i18n/fold'],
        'understanding/types',
      ]),
    ]),
    {
      name: 'engine-is-pure',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { dependencyTypes: ['core'] },
    },
    may('content', '^src/content/', [
      WORDS,
      YAML,
      inside(['i18n/fold', 'handoff/(teams|canned|read|hours|desk)']),
    ]),
    may('handoff', '^src/handoff/', [
      WORDS,
      YAML,
      inside([
        'engine/types',
        'usage/event',
        'i18n/(uz-cyrillic|texts|fold)',
        'content/load',
        'store/(port|staff)',
        'channels/(telegram|channel|network|pace)',
        'log-port',
      ]),
    ]),
    may('i18n', '^src/i18n/', [WORDS, inside(['engine/types', 'flow/keys'])]),
    may('understanding', '^src/understanding/', [
      WORDS,
      YAML,
      inside(['engine/types', 'content/(types|city-name)', 'i18n/fold', 'paths']),
    ]),
    may('store', '^src/store/', [
      WORDS,
      '^db/',
      inside(['engine/types', 'flow/types', 'usage/(event|release)', 'handoff/(port|types|machine)']),
    ]),
    may('channels', '^src/channels/', [WORDS, inside(['log-port'])]),
    may('runtime', '^src/runtime/', [
      WORDS,
      inside([
        'engine/types',
        'store/',
        'channels/(channel|join)',
        'handoff/(port|types|desk)',
        'usage/(event|release)',
        'log-port',
      ]),
    ]),
    may('web', '^src/web/', [
      WORDS,
      inside([
        'store/',
        'usage/',
        'content/',
        'handoff/',
        'flow/(keys|types)',
        'i18n/',
        'channels/web',
        'channels/channel',
        'engine/types',
        'config',
      ]),
    ]),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
