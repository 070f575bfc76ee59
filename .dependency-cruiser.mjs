/**
 * Which part of the house may know which: arrows point one way, from the hosts down to speech and audio.
 * Each rule lists what a folder may import from src-main; everything else there is forbidden.
 */

/** May be known everywhere in src-main: primitives that know nothing themselves. */
const COMMON = '^src-main/(fault|channel|folder)\\.ts$';

/** @param {string} name @param {string} from @param {string[]} allowed paths in src-main, as regular expressions */
function only(name, from, allowed) {
  return {
    name,
    severity: 'error',
    comment: `${from} may import, of src-main, only itself, fault.ts, channel.ts, folder.ts and: ${allowed.join(', ') || 'nothing'}.`,
    from: { path: from },
    to: { path: '^src-main/', pathNot: [from, COMMON, ...allowed] },
  };
}

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
function never(name, comment, from, to) {
  return { name, severity: 'error', comment, from, to };
}

/** Which rooms of the audit log one of its rooms may know; that the whole knows little else is a rule of its own.
 * @param {string} room @param {string[]} allowed */
function within(room, allowed) {
  const from = `${AUDIT}${room}/`;
  const known = [room, ...allowed].map((name) => `${AUDIT}${name}/`);
  return {
    name: `audit-${room}`,
    severity: 'error',
    comment: `Of the audit log, ${room} may import: ${allowed.join(', ') || 'nothing'}.`,
    from: { path: from },
    to: { path: AUDIT, pathNot: known },
  };
}

const SPEECH = '^src-main/speech/';
const AUDIO = '^src-main/audio/';
const AUDIT = '^src-main/audit/';
const CONVERSATION = '^src-main/conversation/';
const TRANSPORT_INTERFACE = '^src-main/transport/transport\\.ts$';
const ELECTRON_ONLY = [
  '^src-main/hosts/electron/',
  '^src-main/index\\.ts$',
  '^src-preload/index\\.ts$',
  '^tests/electron/',
];
/** What two hosts have in common. */
const HOSTS_SHARED = '^src-main/hosts/[^/]+\\.ts$';
const SCHEMAS = '^src-preload/(contract|[\\w-]+-contract|turn-view|inspection|fault-view|settings|vad-preset)\\.ts$';

export default {
  forbidden: [
    only('primitives-know-nothing', '^src-main/(fault|channel|folder)\\.ts$', []),
    only('audio-is-lowest', AUDIO, []),
    only('speech-over-audio', SPEECH, [AUDIO]),
    only('openai-behind-interfaces', '^src-main/providers/openai/', [SPEECH, AUDIO]),
    only('practice-behind-interfaces', '^src-main/providers/practice/', [SPEECH, AUDIO]),
    only('conversation-knows-interfaces', CONVERSATION, [SPEECH, AUDIO, TRANSPORT_INTERFACE]),
    only('agents-over-conversation', '^src-main/agents/', [CONVERSATION, SPEECH, AUDIO]),
    only('mcp-makes-tools', '^src-main/mcp/', ['^src-main/conversation/tool\\.ts$']),
    only('transport-beside-conversation', '^src-main/transport/', [SPEECH, AUDIO]),
    never(
      'livekit-behind-rooms',
      'Which transport a conversation has is known where rooms are put together, and nowhere else.',
      { path: '^src-main/', pathNot: ['^src-main/transport/livekit/', '^src-main/app/rooms/'] },
      { path: ['^src-main/transport/livekit/', '^node_modules/(@livekit/|livekit-)'] },
    ),
    only('audit-listens', AUDIT, [CONVERSATION, SPEECH, AUDIO]),
    within('store', []),
    within('chain', ['store']),
    within('recording', ['chain', 'store']),
    within('cost', ['chain', 'store']),
    within('reading', ['cost', 'chain', 'store']),
    within('export', ['reading', 'chain', 'store']),
    within('verify', ['chain', 'store']),
    within('erasure', ['chain', 'store']),
    within('repair', ['chain', 'store']),
    within('backup', ['chain', 'store']),
    only('vad-lab-offline', '^src-main/vad-lab/', [SPEECH, AUDIO]),
    only('telemetry-tells-of-turns', '^src-main/telemetry/', ['^src-main/audit/reading/session-detail\\.ts$', SPEECH]),
    only('settings-know-nothing', '^src-main/settings/', []),
    never(
      'hosts-on-top',
      'Nothing imports a host, and one host does not know another, except the command line, which starts the browser host.',
      { path: '^(src-main|src-preload|src-renderer)/', pathNot: ['^src-main/hosts/', '^src-main/index\\.ts$'] },
      { path: '^src-main/(hosts/|index\\.ts$)' },
    ),
    only('browser-host-alone', '^src-main/hosts/browser/', [
      HOSTS_SHARED,
      '^src-main/app\\.ts$',
      '^src-main/settings/',
    ]),
    only('electron-host-alone', '^src-main/hosts/electron/', [
      HOSTS_SHARED,
      '^src-main/app\\.ts$',
      '^src-main/settings/',
    ]),
    never(
      'cli-without-electron',
      'The command line runs where Electron is not.',
      { path: '^src-main/hosts/cli/' },
      { path: ELECTRON_ONLY },
    ),
    never(
      'electron-in-its-host',
      'Importing `electron` outside Electron tries to download it.',
      { path: '^(src-|tests/|bench/|scripts/)', pathNot: ELECTRON_ONLY },
      { path: '^(node_modules/electron/|electron$)' },
    ),
    never(
      'renderer-apart',
      'The window knows the core by the contract alone.',
      { path: '^src-renderer/' },
      { path: ['^src-main/', '^src-preload/index\\.ts$'] },
    ),
    never(
      'window-takes-types-only',
      'The schemas would bring zod into the window and the sandboxed preload.',
      { path: '^(src-renderer/|src-preload/(index|bridge|audio-packet)\\.ts$)' },
      { path: [SCHEMAS, '^node_modules/zod/'], dependencyTypesNot: ['type-only'] },
    ),
    never(
      'preload-apart',
      'The bridge must be readable without the core.',
      { path: '^src-preload/' },
      { path: ['^src-main/', '^src-renderer/'] },
    ),
    never('window-without-node', 'The window has no Node.', { path: '^src-renderer/' }, { dependencyTypes: ['core'] }),
    never(
      'product-without-tests',
      'What ships does not depend on what measures or builds it.',
      { path: '^src-' },
      { path: '^(tests|bench|scripts)/' },
    ),
    never(
      'runtime-dependencies-declared',
      'What the core imports must be installed with it.',
      { path: '^src-main/', pathNot: ELECTRON_ONLY },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
    never('no-cycles', 'Two modules that need each other, be it by types alone, are one.', {}, { circular: true }),
    never(
      'everything-resolves',
      'An import that leads nowhere. The peer runs with packages of its own.',
      { pathNot: '^bench/peer-livekit/(driver|room-agent)\\.mjs$' },
      { couldNotResolve: true },
    ),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|coverage|test-results)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};
