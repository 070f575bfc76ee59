/** A tool server that keeps to the protocol where it must, and is a nuisance in the way that its arguments say. */
import { createInterface } from 'node:readline';

interface Request {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly name?: string; readonly cursor?: string };
}

const manner = process.argv[2] ?? '';
const TOOL = { name: 'ask', description: '', inputSchema: { type: 'object' } };
const waiting: number[] = [];
let lists = 0;

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function answer(id: number, text: string): void {
  send({ id, result: { content: [{ type: 'text', text }] } });
}

function list(id: number): void {
  lists += 1;
  const tools = [{ ...TOOL, name: lists === 1 ? 'ask' : `ask_${lists}` }];
  if (manner === 'endless-list') send({ id, result: { tools, nextCursor: `${lists}` } });
  else if (manner === 'nonsense-list') send({ id, result: { tools: [{ name: 7 }] } });
  else if (manner === 'changing') {
    send({ id, result: { tools: [TOOL, { ...TOOL, name: `after_${lists}` }] } });
    for (let n = 0; n < 200; n++) send({ method: 'notifications/tools/list_changed' });
  } else send({ id, result: { tools: [TOOL] } });
}

function called(id: number): void {
  if (manner === 'flood') {
    const more = () => process.stdout.write('x'.repeat(1 << 20), () => setImmediate(more));
    more();
  } else if (manner === 'nonsense') send({ id, result: { content: 'yes', isError: 'perhaps' } });
  else if (manner === 'chatter') {
    process.stdout.write('Starting up, please wait…\n{"jsonrpc":"1.0"}\n[]\nnull\n');
    send({ id: 4_711, result: {} });
    answer(id, 'yes');
    answer(id, 'no');
  } else if (manner === 'backwards') {
    waiting.push(id);
    if (waiting.length === 3) for (const one of waiting.splice(0).reverse()) answer(one, `answer ${one}`);
  } else answer(id, 'yes');
}

if (manner === 'stays') {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1_000);
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line) as Request;
  if (id === undefined) return;
  if (method === 'initialize') {
    const capabilities = { tools: { listChanged: true } };
    send({
      id,
      result: { protocolVersion: '2025-06-18', capabilities, serverInfo: { name: 'rude', version: `${process.pid}` } },
    });
  } else if (method === 'tools/list') list(id);
  else if (method === 'tools/call') called(id);
});
