/** The layer rules, each broken once: a rule that no longer bites would otherwise go unnoticed. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractDepcruiseConfig from 'dependency-cruiser/config-utl/extract-depcruise-config';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Rule, importing file, what it imports. */
const BREACHES: [rule: string, from: string, statement: string][] = [
  ['primitives-know-nothing', 'src-main/fault.ts', "import '../src-main/app.ts'"],
  ['audio-is-lowest', 'src-main/audio/frame.ts', "import type { X } from '../speech/call.ts'"],
  ['speech-over-audio', 'src-main/speech/stt/adapter.ts', "import '../../conversation/events.ts'"],
  ['speech-over-audio', 'src-main/speech/tts/adapter.ts', "import '../../providers/openai/client.ts'"],
  ['openai-behind-interfaces', 'src-main/providers/openai/stt.ts', "import '../../audit/log.ts'"],
  ['openai-behind-interfaces', 'src-main/providers/openai/tts.ts', "import '../practice/voice.ts'"],
  ['practice-behind-interfaces', 'src-main/providers/practice/stt.ts', "import '../../conversation/events.ts'"],
  ['conversation-knows-interfaces', 'src-main/conversation/session.ts', "import '../audit/log.ts'"],
  ['conversation-knows-interfaces', 'src-main/conversation/agent.ts', "import '../providers/openai/client.ts'"],
  ['conversation-knows-interfaces', 'src-main/conversation/reply.ts', "import '../transport/local/window.ts'"],
  ['agents-over-conversation', 'src-main/agents/guide.ts', "import '../audit/log.ts'"],
  ['mcp-makes-tools', 'src-main/mcp/ask.ts', "import '../conversation/events.ts'"],
  ['telemetry-tells-of-turns', 'src-main/telemetry/send.ts', "import '../conversation/events.ts'"],
  ['transport-beside-conversation', 'src-main/transport/local/player.ts', "import '../../audit/log.ts'"],
  ['livekit-behind-rooms', 'src-main/conversation/output2.ts', "import '@livekit/rtc-node'"],
  ['livekit-behind-rooms', 'src-main/app/core.ts', "import '../transport/livekit/room.ts'"],
  ['audit-listens', 'src-main/audit/recording/recorder.ts', "import '../../providers/openai/client.ts'"],
  ['audit-store', 'src-main/audit/store/database.ts', "import type { X } from '../chain/entries.ts'"],
  ['audit-chain', 'src-main/audit/chain/parts.ts', "import '../reading/queries.ts'"],
  ['audit-recording', 'src-main/audit/recording/attempt.ts', "import '../reading/queries.ts'"],
  ['audit-cost', 'src-main/audit/cost/price.ts', "import '../reading/queries.ts'"],
  ['audit-reading', 'src-main/audit/reading/search.ts', "import '../export/page.ts'"],
  ['audit-export', 'src-main/audit/export/csv.ts', "import '../log.ts'"],
  ['audit-verify', 'src-main/audit/verify/verify.ts', "import '../reading/queries.ts'"],
  ['audit-erasure', 'src-main/audit/erasure/retention.ts', "import '../reading/queries.ts'"],
  ['audit-repair', 'src-main/audit/repair/salvage.ts', "import '../reading/queries.ts'"],
  ['audit-backup', 'src-main/audit/backup/backup.ts', "import '../reading/queries.ts'"],
  ['vad-lab-offline', 'src-main/vad-lab/tune.ts', "import '../conversation/events.ts'"],
  ['settings-know-nothing', 'src-main/settings/store.ts', "import '../app.ts'"],
  ['hosts-on-top', 'src-main/app-uses-host.ts', "import './hosts/cli/index.ts'"],
  ['browser-host-alone', 'src-main/hosts/browser/server.ts', "import '../../audit/log.ts'"],
  ['electron-host-alone', 'src-main/hosts/electron/window.ts', "import '../browser/server2.ts'"],
  ['cli-without-electron', 'src-main/hosts/cli/start.ts', "import '../electron/secrets.ts'"],
  ['electron-in-its-host', 'src-main/audit/where.ts', "import { app } from 'electron'"],
  ['renderer-apart', 'src-renderer/talk/key.tsx', "import '../../src-main/fault.ts'"],
  ['window-takes-types-only', 'src-renderer/talk/send.tsx', "import { commands } from '../../src-preload/contract.ts'"],
  ['window-takes-types-only', 'src-preload/index.ts', "import { commands } from './contract.ts'"],
  ['window-takes-types-only', 'src-renderer/talk/parse.ts', "import { z } from 'zod'"],
  ['preload-apart', 'src-preload/bridge.ts', "import type { X } from '../src-main/speech/call.ts'"],
  ['window-without-node', 'src-renderer/talk/disk.ts', "import 'node:fs'"],
  ['product-without-tests', 'src-main/audio/tone.ts', "import '../../tests/support/tone.ts'"],
  ['runtime-dependencies-declared', 'src-main/audio/flags.ts', "import 'vitest'"],
  ['no-cycles', 'src-main/audio/left.ts', "import './right.ts'"],
  ['no-cycles', 'src-main/conversation/question.ts', "import type { X } from './reply2.ts'"],
  ['everything-resolves', 'src-main/audio/lost.ts', "import './nowhere.ts'"],
];

/** Imports that look close to a breach and are none. */
const ALLOWED: [from: string, statement: string][] = [
  ['src-renderer/history/list.tsx', "import type { TurnView } from '../../src-preload/contract.ts'"],
  ['src-main/transport/local/types.ts', "import type { Fault } from '../../fault.ts'"],
  ['src-main/conversation/output.ts', "import type { Transport } from '../transport/transport.ts'"],
  ['src-main/audit/erasure/erasable.ts', "import '../chain/entries.ts'"],
  ['src-main/app/rooms/sharing.ts', "import '../../transport/livekit/room.ts'"],
  ['src-main/hosts/electron/preferences.ts', "import { app } from 'electron'"],
];

/** What the files above import. */
const TARGETS = [
  'src-main/app.ts',
  'src-main/audit/log.ts',
  'src-main/audit/chain/entries.ts',
  'src-main/audit/export/page.ts',
  'src-main/audit/reading/queries.ts',
  'src-main/audio/wave.ts',
  'src-main/conversation/events.ts',
  'src-main/hosts/browser/server2.ts',
  'src-main/hosts/cli/index.ts',
  'src-main/hosts/electron/secrets.ts',
  'src-main/providers/openai/client.ts',
  'src-main/providers/practice/voice.ts',
  'src-main/speech/call.ts',
  'src-main/transport/livekit/room.ts',
  'src-main/transport/local/window.ts',
  'src-main/transport/transport.ts',
  'src-preload/contract.ts',
  'tests/support/tone.ts',
];

const CONFIGURATION = join(import.meta.dirname, '../../../.dependency-cruiser.mjs');

let root: string;
let rules: string[];
let violations: { rule: string; from: string }[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'squelch-layers-'));
  const files = new Map<string, string>(TARGETS.map((path) => [path, '']));
  files.set('src-main/audio/right.ts', "import './left.ts'");
  files.set('src-main/conversation/reply2.ts', "import type { X } from './question.ts'");
  for (const [from, statement] of ALLOWED) files.set(from, statement);
  for (const [, from, statement] of BREACHES) files.set(from, statement);
  files.set(
    'package.json',
    JSON.stringify({
      dependencies: { zod: '*', '@livekit/rtc-node': '*' },
      devDependencies: { vitest: '*', electron: '*' },
    }),
  );
  for (const name of ['zod', '@livekit/rtc-node', 'vitest', 'electron']) {
    files.set(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    files.set(`node_modules/${name}/index.js`, '');
  }
  for (const [path, content] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const { options, forbidden = [] } = await extractDepcruiseConfig(CONFIGURATION);
  rules = forbidden.map(({ name }) => name ?? '');
  const result = await cruise(
    ['src-main', 'src-preload', 'src-renderer'],
    { ...options, baseDir: root, validate: true, ruleSet: { forbidden } },
    options?.enhancedResolveOptions,
  );
  violations = (result.output as ICruiseResult).summary.violations.map(({ rule, from }) => ({ rule: rule.name, from }));
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe('layer rules', () => {
  test.each(BREACHES)('%s forbids %s: %s', (rule, from) => {
    expect(violations).toContainEqual({ rule, from });
  });

  test.each(ALLOWED)('%s may say: %s', (from) => {
    expect(violations.filter((violation) => violation.from === from)).toEqual([]);
  });

  test('every rule is broken here', () => {
    expect(new Set(BREACHES.map(([rule]) => rule))).toEqual(new Set(rules));
  });
});
