/** Finds servers on this machine that speak the OpenAI API, by knocking at the ports where they usually are. */
import { record } from './usage.ts';

export interface FoundServer {
  readonly name: string;
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  /** Empty when the server does not list them. */
  readonly models: string[];
}

export interface UsualPort {
  readonly port: number;
  /** Who is there as a rule. */
  readonly name: string;
}

const USUAL_PORTS: readonly UsualPort[] = [
  { port: 11_434, name: 'Ollama' },
  { port: 1_234, name: 'LM Studio' },
  { port: 8_000, name: 'Speaches or vLLM' },
  { port: 8_080, name: 'LocalAI, llama.cpp or whisper.cpp' },
  { port: 8_880, name: 'Kokoro-FastAPI' },
];
const TIMEOUT_MS = 800;

/** What servers say of themselves, in the owner of their models or in their headers. */
const SIGNATURES: readonly (readonly [mark: RegExp, name: string])[] = [
  [/whisper\.cpp/i, 'whisper.cpp'],
  [/llama\.?cpp/i, 'llama.cpp'],
  [/\bvllm\b/i, 'vLLM'],
  [/localai/i, 'LocalAI'],
  [/kokoro/i, 'Kokoro-FastAPI'],
  [/automatic-speech-recognition|speaches/i, 'Speaches'],
  [/lmstudio|lm studio/i, 'LM Studio'],
  [/ollama/i, 'Ollama'],
];

/** Never throws: what does not answer in time is not there. In the order of the ports. */
export async function discoverServers(ports: readonly UsualPort[] = USUAL_PORTS): Promise<FoundServer[]> {
  const found = await Promise.all(ports.map((usual) => look(usual).catch(() => null)));
  return found.filter((server) => server !== null);
}

async function look({ port, name }: UsualPort): Promise<FoundServer | null> {
  const origin = `http://127.0.0.1:${port}`;
  const baseUrl = `${origin}/v1`;
  const list = await get(`${baseUrl}/models`);
  const { data } = record(parse(list.body));
  if (list.ok && Array.isArray(data)) {
    const listed = data.map(record);
    const marks = listed.flatMap(({ owned_by, task }) => [owned_by, task]).join(' ');
    const models = listed.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
    return { name: recognize(`${list.server} ${marks}`) ?? name, baseUrl, models };
  }
  // Some list no models. Only those that name themselves on their front page are sure to be what they seem.
  const front = await get(origin);
  const known = recognize(`${front.server} ${front.body}`);
  return front.ok && known ? { name: known, baseUrl, models: [] } : null;
}

async function get(url: string): Promise<{ ok: boolean; server: string; body: string }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  return { ok: response.ok, server: response.headers.get('server') ?? '', body: await response.text() };
}

function recognize(words: string): string | null {
  return SIGNATURES.find(([mark]) => mark.test(words))?.[1] ?? null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
