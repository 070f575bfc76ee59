/** The command line's grammar: which commands there are and what they take. Each is loaded when it is called. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXPORT_FORMATS, EXPORT_TRACKS } from '../../../src-preload/export-formats.ts';
import { INSTALLATION } from '../installation.ts';

const DEFAULT_LIMIT = 50;
const OUTCOMES = ['completed', 'no-speech', 'cancelled', 'interrupted', 'failed', 'crashed'];
/** Which turns a search or an export is about. */
const FILTERS: readonly Option[] = [
  new Option('--agent <id>', 'only turns with this agent'),
  new Option('--model <label>', 'only turns that used this model, such as openai/whisper-1'),
  new Option('--outcome <outcome>', 'only turns that ended so').choices(OUTCOMES),
  new Option('--tools', 'only turns in which a tool was called'),
  new Option('--errors', 'only turns that failed or were cut off'),
  new Option('--since <date>', 'only turns from this day or time on').argParser(parseDate),
  new Option('--until <date>', 'only turns before this day or time').argParser(parseDate),
  new Option('--min-duration <seconds>', 'only turns that lasted at least so long').argParser(parseAmount),
  new Option('--max-duration <seconds>', 'only turns that lasted at most so long').argParser(parseAmount),
  new Option('--min-cost <dollars>', 'only turns that cost at least so much').argParser(parseAmount),
  new Option('--max-cost <dollars>', 'only turns that cost at most so much').argParser(parseAmount),
];
const costOption = () =>
  new Option('--cost <miss,false>', 'weights of the detection cost')
    .argParser(parseWeights)
    .default({ miss: 0.75, falseAlarm: 0.25 }, '0.75,0.25');
/** The same at every start, so that the browser remembers that the microphone is allowed. */
const DEFAULT_PORT = 4747;

/** @param finish is told the exit status of the command that ran. */
export function makeProgram(finish: (status: number) => void): Command {
  const program = new Command('squelch')
    .description('Push-to-talk assistant with a complete local audit trail')
    .version(INSTALLATION.version)
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });

  const command = (name: string, description: string, parent = program, options = {}): Command =>
    parent
      .command(name, options)
      .description(description)
      .option('--json', 'print one JSON document')
      .option('--home <dir>', 'data folder (default: SQUELCH_HOME, or this system’s place for data)')
      .allowExcessArguments(false);

  command('talk', 'make a whole turn from a recording or a typed message')
    .option('--audio <file>', 'speak this recording (WAV, MP3, FLAC, OGG), as if the key were held while it plays')
    .option('--text <words>', 'send these words instead')
    .option('--agent <id>', 'talk to this agent instead of the chosen one (`squelch agents` lists them)')
    .option('--session <id>', 'go on with this conversation of the log')
    .option('--private', 'keep nothing of it: no words, no sound, no requests')
    .option('--realtime', 'speak and listen at the pace of sound')
    .option('--approve-tools', 'allow the calls of tool servers that the settings want asked for')
    .option('--save-reply <file>', 'write the spoken reply as WAV, replacing the file')
    .action(async (options) => finish(await (await import('./talk.ts')).talk(options)));

  const sessions = program.command('sessions').description('look into the log of what was said');
  command('list', 'list the conversations, newest first', sessions, { isDefault: true })
    .option('--agent <id>', 'only those with this agent')
    .option('--since <date>', 'only those from this day or time on', parseDate)
    .option('--limit <number>', 'at most so many', parseLimit, DEFAULT_LIMIT)
    .action(async (options) => finish((await import('./sessions.ts')).listSessions(options)));
  command('show', 'show everything that is known of one conversation', sessions)
    .argument('<id>', 'as `squelch sessions` lists it')
    .action(async (id, options) => finish((await import('./sessions.ts')).showSession(id, options)));
  command('verify', 'recompute the log and say what differs', sessions)
    .argument('[id]', 'only the contents of this conversation')
    .option('--anchor <file>', 'also compare with this anchor, which was kept elsewhere')
    .action(async (id, options) => finish(await (await import('./verify.ts')).verify(id ?? null, options)));
  const search = command('search', 'find what was said, newest first', sessions)
    .argument('[query]', 'words that must all occur; "in quotes" they must stand together')
    .option('--limit <number>', 'at most so many', parseLimit, DEFAULT_LIMIT)
    .action(async (query, options) => finish((await import('./search.ts')).search(query ?? null, options)));
  for (const option of FILTERS) search.addOption(option);
  command('usage', 'add up what was used and what it cost', sessions)
    .addOption(
      new Option('--by <what>', 'how to add up').choices(['model', 'agent', 'speaker', 'day']).default('model'),
    )
    .option('--since <date>', 'only turns from this day or time on', parseDate)
    .action(async (options) => finish(await (await import('./usage.ts')).usage(options)));
  command('retry', 'send one turn again in its conversation, from its saved recording or text', sessions)
    .argument('<turn>', 'as `squelch sessions show` lists it')
    .option('--agent <id>', 'ask this agent, in a conversation that remembers what was said before')
    .option('--stt <model>', 'let this model of the settings’ server listen')
    .option('--llm <model>', 'let this model answer')
    .option('--tts <model>', 'let this model speak')
    .action(async (turn, options) => finish(await (await import('./retry.ts')).retry(turn, options)));
  const exporting = command('export', 'write conversations, turns, or what a search finds to a file', sessions)
    .argument('[ids...]', 'sessions, as `squelch sessions` lists them')
    .option('--turn <ids...>', 'turns, as `squelch sessions show` lists them')
    .option('--search <query>', 'the turns in which these words occur')
    .addOption(new Option('--format <format>', 'what to write').choices(EXPORT_FORMATS).makeOptionMandatory())
    .requiredOption('--out <file>', 'the file to write')
    .addOption(
      new Option('--track <track>', 'whose voice MP3, WAV and ZIP hold').choices(EXPORT_TRACKS).default('both'),
    )
    .option('--force', 'replace the file if there is one')
    .action(async (ids, options) => finish(await (await import('./export.ts')).exportToFile(ids, options)));
  for (const option of FILTERS) exporting.addOption(option);
  command('redact', 'erase words, sound or both of turns, for good', sessions)
    .argument('<turns...>', 'as `squelch sessions show` lists them')
    .requiredOption('--reason <text>', 'why; kept in the log')
    .addOption(new Option('--part <part>', 'what to erase').choices(['text', 'audio', 'all']).default('all'))
    .action(async (turns, options) => finish(await (await import('./erase.ts')).redact(turns, options)));
  command('delete', 'erase conversations, for good', sessions)
    .argument('<ids...>', 'as `squelch sessions` lists them')
    .requiredOption('--reason <text>', 'why; kept in the log')
    .action(async (ids, options) => finish(await (await import('./erase.ts')).deleteSessions(ids, options)));

  const vad = program.command('vad').description('find speech in recordings, and tune how it is found');
  const recordings = ['<recordings...>', 'files, folders, globs (WAV, MP3, FLAC, OGG)'] as const;
  const presetOption = ['--preset <name|file>', 'a shipped preset, or one that `vad tune` wrote', 'squelch'] as const;
  command('detect', 'list the segments of speech', vad)
    .argument(...recordings)
    .option(...presetOption)
    .option('--labels <format>', 'write them as labels: audacity, rttm, textgrid, webvtt, scv')
    .option('--out <dir>', 'where to write the labels')
    .option('--report <file>', 'write a report (HTML) with pictures')
    .action(async (paths, options) => finish(await (await import('./vad-detect.ts')).detect(paths, options)));
  command('score', 'compare what is found with the labels beside the recordings', vad)
    .argument(...recordings)
    .option(...presetOption)
    .addOption(costOption())
    .option('--report <file>', 'write a report (HTML) with pictures')
    .action(async (paths, options) => finish(await (await import('./vad-score.ts')).scoreRecordings(paths, options)));
  command('tune', 'search for the settings that suit the recordings best', vad)
    .argument(...recordings)
    .option('--objective <names>', 'f1, cost, no-clip, fast-end, or a mix such as f1=1,fast-end=0.5', 'f1')
    .option('--target <name=value>', 'without labels: segments-per-minute=12 or speech-share=0.4')
    .option('--holdout <folds|share%>', 'judge on recordings kept aside: 5 folds, or 30%', '5')
    .option('--search <method>', 'exhaustive or random', 'exhaustive')
    .option('--evaluations <number>', 'settings that the random search may try', parseLimit)
    .option('--max-length', 'search for the longest segment too')
    .option('--smoothing', 'search for smoothing too')
    .option('--seed <number>', 'the same seed gives the same result', parseLimit, 1)
    .addOption(costOption())
    .option('--out <file>', 'write what was found as a preset')
    .option('--report <file>', 'write a report (HTML) with pictures')
    .action(async (paths, options) => finish(await (await import('./vad-tune.ts')).tuneRecordings(paths, options)));
  command('apply', 'use a preset in the next conversation', vad)
    .argument('<name|file>', 'a shipped preset, or one that `vad tune` wrote')
    .option('--agent <id>', 'only when this agent listens')
    .action(async (preset, options) => finish(await (await import('./vad-apply.ts')).applyPreset(preset, options)));
  command('backup', 'copy the log, its sound, settings and whatever else is yours to a new folder', sessions)
    .requiredOption('--out <dir>', 'the folder to make')
    .action(async (options) => finish(await (await import('./backup.ts')).backUpTo(options)));
  command('restore', 'make a data folder of a backup', sessions)
    .argument('<dir>', 'a folder that `squelch sessions backup` made')
    .action(async (dir, options) => finish(await (await import('./backup.ts')).restoreFrom(dir, options)));
  command('retention', 'erase what is too old or too much, as the settings say', sessions)
    .option('--preview', 'only say what would be erased')
    .option('--sound-days <days>', 'erase sound older than this; the words stay', parseLimit)
    .option('--all-days <days>', 'erase conversations older than this', parseLimit)
    .option('--cap-megabytes <number>', 'erase the oldest until the log is no larger', parseLimit)
    .action(async (options) => finish(await (await import('./retention.ts')).retention(options)));

  const prices = program.command('prices').description('by which prices costs are computed');
  command('list', 'list those in force', prices, { isDefault: true })
    .option('--own', 'only yours')
    .action(async (options) => finish((await import('./prices.ts')).listPrices(options)));
  const dayOption = ['--from <day>', 'first day (UTC) on which it holds, such as 2026-11-03', parseDay] as const;
  command('set', 'add a price of yours, or change it; in US dollars', prices)
    .argument('<server>', 'host, with its port if it has one: api.openai.com')
    .argument('<model>', 'as in the settings')
    .option(...dayOption)
    .option('--input <dollars>', 'a million tokens in', parseAmount)
    .option('--cached-input <dollars>', 'of these, those from a cache', parseAmount)
    .option('--audio-input <dollars>', 'of these, those of sound', parseAmount)
    .option('--output <dollars>', 'a million tokens out', parseAmount)
    .option('--audio-output <dollars>', 'of these, those of sound', parseAmount)
    .option('--per-minute <dollars>', 'a minute of sound, where no tokens are reported', parseAmount)
    .option('--per-million-characters <dollars>', 'a million characters spoken', parseAmount)
    .option('--note <text>', 'what you want to remember of it')
    .action(async (server, model, options) => finish((await import('./prices.ts')).setPrice(server, model, options)));
  command('remove', 'remove a price of yours', prices)
    .argument('<server>', 'as `squelch prices` lists it')
    .argument('<model>', 'as `squelch prices` lists it')
    .option(...dayOption)
    .action(async (server, model, options) =>
      finish((await import('./prices.ts')).removePrice(server, model, options)),
    );

  const agents = program.command('agents').description('the agents you can talk to');
  command('list', 'list them', agents, { isDefault: true }).action(async (options) =>
    finish(await (await import('./agents.ts')).listAgents(options)),
  );
  command('new', 'write a commented agent file to start from', agents)
    .argument('<name>', 'small letters, digits and hyphens')
    .action(async (name, options) => finish((await import('./agents.ts')).newAgent(name, options)));
  command('enable', 'let an agent file of yours run', agents)
    .argument('<name>', 'its file’s name, without the ending')
    .option('--yes', 'you have read it')
    .action(async (name, options) => finish(await (await import('./agents.ts')).enableAgent(name, options)));
  command('disable', 'keep an agent file from running', agents)
    .argument('<name>', 'its file’s name, without the ending')
    .action(async (name, options) => finish(await (await import('./agents.ts')).disableAgent(name, options)));

  const room = program.command('room').description('talk with everybody in a LiveKit room');
  const inRooms = (one: Command) =>
    one
      .option('--url <url>', 'address of the LiveKit server (default: that of the settings, or LIVEKIT_URL)', parseUrl)
      .option('--agent <id>', 'this agent instead of the chosen one (`squelch agents` lists them)')
      .option('--queue', 'who presses while somebody speaks waits; otherwise they are refused')
      .option('--open-microphone', 'hear whoever speaks, without a key')
      .option('--server-recording', 'let the server’s Egress record the room too');
  inRooms(command('join', 'put an agent into one room, until it is stopped', room))
    .option('--room <name>', 'the room; with a key in LIVEKIT_API_KEY and LIVEKIT_API_SECRET')
    .option('--token <token>', 'come in with this token instead')
    .action(async (options) => finish(await (await import('./room.ts')).joinRoom(options)));
  inRooms(command('work', 'put an agent into every room that the server dispatches, until it is stopped', room))
    .option('--name <name>', 'only rooms that ask for an agent of this name', '')
    .action(async (options) => finish(await (await import('./room.ts')).workRooms(options)));

  command('serve', 'serve the window to a browser of this machine; Enter prints another link, Ctrl+C stops it')
    .option('--port <number>', 'port to listen on; 0 takes any free one', parsePort, DEFAULT_PORT)
    .action(async (options) => finish(await (await import('./serve.ts')).serve(options)));

  command('doctor', 'say what works here, what does not, and why').action(async (options) =>
    finish(await (await import('./doctor.ts')).doctor(options)),
  );

  return program;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}

function parseWeights(text: string): { miss: number; falseAlarm: number } {
  const [miss, falseAlarm] = text.split(',').map(Number);
  if (!/^[\d.]+,[\d.]+$/.test(text) || !(Number(miss) + Number(falseAlarm) > 0)) {
    throw new InvalidArgumentError('It must be two numbers such as 0.75,0.25.');
  }
  return { miss: miss as number, falseAlarm: falseAlarm as number };
}

function parseLimit(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1) throw new InvalidArgumentError('It must be a number from 1.');
  if (!Number.isSafeInteger(number)) throw new InvalidArgumentError('It is too large.');
  return number;
}

function parseAmount(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0) {
    throw new InvalidArgumentError('It must be a number from 0.');
  }
  return number;
}

/** As the server's own tools take it: they know its WebSocket by `http` too. */
function parseUrl(text: string): string {
  const isAddress = URL.canParse(text) && /^(ws|http)s?:$/.test(new URL(text).protocol);
  if (!isAddress) throw new InvalidArgumentError('It must be an address such as wss://rooms.example.com.');
  return text;
}

function parseDay(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00Z`).toJSON()?.startsWith(text);
  if (!isDay) throw new InvalidArgumentError('It must be a day such as 2026-11-03.');
  return text;
}

/** @returns milliseconds since the epoch; a day without a time begins at midnight here. */
function parseDate(text: string): number {
  const [day = '', ...time] = text.split('T');
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day);
  const at = new Date(isDay && time.length === 0 ? `${day}T00:00` : text).getTime();
  // Else the 31st of February is a day in March.
  const exists = !isDay || new Date(`${day}T00:00Z`).toJSON()?.startsWith(day);
  if (Number.isNaN(at) || !exists)
    throw new InvalidArgumentError('It must be a date such as 2026-11-03 or 2026-11-03T14:00.');
  return at;
}
