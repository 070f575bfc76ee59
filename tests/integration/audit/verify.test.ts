import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createEntryWriter, jsonContent } from '../../../src-main/audit/chain/entries.ts';
import { type LogDatabase, openDatabase } from '../../../src-main/audit/store/database.ts';
import { type Problem, verifyChain } from '../../../src-main/audit/verify/verify.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript } from '../../support/turns.ts';

let home: string;
let database: LogDatabase;

beforeEach(() => {
  home = temporaryHome();
  const { log, close } = openLog(home);
  const script = new EventScript(log.record);
  for (const turnId of ['turn-1', 'turn-2']) script.wholeTurn(turnId, { user: `I am ${turnId}`, reply: 'Noted' });
  close();
  database = openDatabase(home);
  // Whoever tampers with a log does not keep its rules.
  database.pragma('foreign_keys = OFF');
  database.pragma('ignore_check_constraints = ON');
  onTestFinished(() => void database.close());
});

function problems(): readonly Problem[] {
  return verifyChain(home, database).problems;
}

function kinds(): string[] {
  return problems().map(({ kind }) => kind);
}

it('finds nothing wrong with a log that was left alone', () => {
  expect(verifyChain(home, database)).toMatchObject({ ok: true, problems: [] });
});

describe('finds any altered byte', () => {
  it.each([
    ['entry', 'prev'],
    ['entry', 'manifest'],
    ['entry', 'hash'],
    ['content', 'bytes'],
    ['content', 'salt'],
  ])('of %s.%s, in every row', (table, column) => {
    const rows = database
      .prepare<[], { row: number; value: Buffer }>(
        `SELECT rowid AS row, ${column} AS value FROM ${table} WHERE length(${column}) > 0`,
      )
      .all();
    expect(rows.length).toBeGreaterThan(10);
    const update = database.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`);
    for (const { row, value } of rows) {
      const altered = Buffer.from(value);
      const at = row % altered.length;
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      update.run(altered, row);
      expect(kinds(), `${table} ${row}, byte ${at}`).not.toEqual([]);
      update.run(value, row);
    }
    expect(kinds()).toEqual([]);
  });

  it('of the log’s id', () => {
    database.exec('UPDATE log SET id = randomblob(16)');
    expect(kinds()).toContain('entry-altered');
  });

  it('of a file, in its header as well as in its sound', () => {
    const path = join(home, 'audio', '2026-11', 'turn-1.user.wav');
    const intact = readFileSync(path);
    for (const at of [0, 24, 43, 44, intact.length - 1]) {
      const altered = Buffer.from(intact);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      writeFileSync(path, altered);
      expect(kinds(), `byte ${at}`).toEqual(['file-altered']);
    }
    writeFileSync(path, Buffer.concat([intact, Buffer.from([0])]));
    expect(kinds()).toEqual(['file-altered']);
    rmSync(path);
    expect(problems()).toEqual([
      { kind: 'file-missing', seq: expect.any(Number), turnId: 'turn-1', detail: 'audio/2026-11/turn-1.user.wav' },
    ]);
  });

  it.each([
    ['entry', "kind = 'usage'"],
    ['entry', 'at = at + 1'],
    ['entry', "turn_id = 'turn-9'"],
    ['content', "type = 'text/html'"],
    ['content', 'length = length + 1'],
    ['content', "name = 'other'"],
    ['session', "agent_id = 'somebody else'"],
    ['session', 'started_at = 0'],
    ['turn', "outcome = 'no-speech'"],
    ['turn', 'started_at = 0'],
    ['turn', "retry_of = 'turn-0'"],
  ])('of %s: %s', (table, change) => {
    const key = table === 'turn' || table === 'session' ? 'id' : 'rowid';
    const some = `(SELECT ${key} FROM ${table} ORDER BY ${key} DESC LIMIT 1)`;
    database.exec(`UPDATE ${table} SET ${change} WHERE ${key} = ${some}`);
    expect(kinds()).not.toEqual([]);
  });
});

describe('finds what was taken out, put in or moved', () => {
  it('an entry removed from the middle', () => {
    database.exec('DELETE FROM content WHERE entry_seq = 4; DELETE FROM entry WHERE seq = 4');
    expect(kinds()).toEqual(expect.arrayContaining(['gap', 'link-broken']));
  });

  it('an entry removed and the rest moved up', () => {
    database.exec(`
      DELETE FROM content WHERE entry_seq = 4; DELETE FROM entry WHERE seq = 4;
      UPDATE entry SET seq = seq - 1 WHERE seq > 4; UPDATE content SET entry_seq = entry_seq - 1 WHERE entry_seq > 4`);
    expect(kinds()).toEqual(expect.arrayContaining(['link-broken', 'entry-altered']));
  });

  it('two entries that changed places', () => {
    database.exec(`
      UPDATE entry SET seq = -4 WHERE seq = 4; UPDATE entry SET seq = 4 WHERE seq = 5;
      UPDATE entry SET seq = 5 WHERE seq = -4`);
    expect(kinds()).toEqual(expect.arrayContaining(['link-broken', 'entry-altered']));
  });

  it('content removed or added', () => {
    database.exec('DELETE FROM content WHERE entry_seq = 3');
    expect(kinds()).toEqual(['content-missing']);
    database.exec(
      "INSERT INTO content (entry_seq, name, type, length, salt, bytes) VALUES (3, 'x', 't', 1, x'00', x'00')",
    );
    expect(kinds()).toEqual(expect.arrayContaining(['content-unknown']));
  });

  it('a turn that is in no entry', () => {
    database.exec("INSERT INTO turn (id, session_id, started_at, source) VALUES ('x', 'session-1', 1, 'voice')");
    expect(problems()).toEqual([{ kind: 'index-differs', seq: null, turnId: 'x', detail: 'turn x' }]);
  });
});

describe('redaction', () => {
  const target = { seq: 5, name: 'message' };

  function empty(): void {
    database
      .prepare('UPDATE content SET salt = NULL, bytes = NULL, file = NULL WHERE entry_seq = @seq AND name = @name')
      .run(target);
  }

  it('leaves a chain that verifies, once an entry says what was redacted', () => {
    const redaction = { reason: 'asked for', contents: [target] };
    const key = { sessionId: 'session-1', turnId: 'turn-1' };
    const contents = [jsonContent('redaction', redaction)];
    createEntryWriter(database).append({ at: Date.now(), kind: 'redaction', ...key, contents });
    empty();
    expect(verifyChain(home, database)).toMatchObject({ ok: true, problems: [] });
  });

  it.each([
    ['redaction', { reason: 'asked for', contents: [target] }],
    ['recovery', { reason: 'damaged', keptAs: 'log/damaged', entries: 4, lostEntries: [], lostContents: [] }],
  ] as const)('has every altered byte of its record named: %s', (name, record) => {
    const kind = name === 'recovery' ? 'log_recovered' : name;
    const contents = [jsonContent(name, record)];
    const key = { sessionId: name === 'recovery' ? null : 'session-1', turnId: null };
    const seq = createEntryWriter(database).append({ at: Date.now(), kind, ...key, contents });
    if (name === 'redaction') empty();
    const update = database.prepare('UPDATE content SET bytes = ? WHERE entry_seq = ? AND name = ?');
    const intact = Buffer.from(JSON.stringify(record));
    for (const at of intact.keys()) {
      const altered = Buffer.from(intact);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      update.run(altered, seq, name);
      expect(problems(), `byte ${at}`).toContainEqual({ kind: 'content-altered', seq, turnId: null, detail: name });
    }
  });

  it('is not to be faked by emptying content in silence', () => {
    empty();
    expect(problems()).toEqual([
      { kind: 'content-missing', seq: 5, turnId: 'turn-1', detail: 'message: emptied, not redacted' },
    ]);
  });
});
