/** The part of the contract that is about agents: who can be talked to, what they may call, what they did in a turn. */
import { z } from 'zod';
import { fault } from './fault-view.ts';

const nothing = z.object({});
const id = z.string().min(1).max(100);

/** Names of models instead of those of the settings; null is the settings' own. */
export const modelOverrides = z.object({
  stt: z.string().min(1).max(200).nullable(),
  llm: z.string().min(1).max(200).nullable(),
  tts: z.string().min(1).max(200).nullable(),
});

const agent = z.object({
  id: z.string(),
  name: z.string(),
  /** What it does, in a sentence. */
  description: z.string(),
  /** `persona`: made in the app, without code. `user`: a file of the user's own. */
  kind: z.enum(['shipped', 'persona', 'user']),
  /** Only an agent of the user's can be off: it is code, and runs nothing until it is allowed to. */
  enabled: z.boolean(),
  /** Why it can't be talked to. */
  error: fault.nullable(),
  /** Nodes and hooks that it overrides, by name. */
  nodes: z.array(z.string()),
  hooks: z.array(z.string()),
  tools: z.array(z.object({ name: z.string(), description: z.string() })),
  instructions: z.string(),
  /** null is the voice of the settings. */
  voice: z.string().nullable(),
  models: modelOverrides,
  /** Tool servers of the settings whose tools it may call. */
  mcpServers: z.array(z.string()),
  /** Path of an agent of the user's. */
  file: z.string().nullable(),
});
export type AgentView = z.infer<typeof agent>;

/** What an agent did in a turn besides speaking, in the order in which it did. */
const step = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('tool'),
    callId: z.string(),
    name: z.string(),
    /** The tool server that runs it; null for a function of the agent's own. */
    server: z.string().nullable(),
    /** JSON as the model wrote it, possibly broken. */
    arguments: z.string(),
    /** What the model was told; null while it runs. */
    output: z.string().nullable(),
    isError: z.boolean(),
    /** What the function threw, where the model is only told that it failed. */
    failure: z.string().nullable(),
    /** What was said to a call that had to be allowed; null when it had not, or still waits. `timeout`: nobody answered. */
    decision: z.enum(['once', 'always', 'deny', 'timeout']).nullable(),
    durationMs: z.number().nullable(),
    /** Milliseconds since the epoch, as all times here. */
    startedAt: z.number(),
  }),
  z.object({ type: z.literal('handoff'), from: z.string().nullable(), to: z.string(), at: z.number() }),
  /** A hook or a tool ended the turn without a (further) reply. */
  z.object({ type: z.literal('stop'), reason: z.string() }),
]);
export const steps = z.array(step);
export type TurnStep = z.infer<typeof step>;

const mcpServer = z.object({
  name: z.string(),
  /** `off`: nobody has needed it yet, or the settings say so. */
  state: z.enum(['off', 'starting', 'ready', 'failed']),
  tools: z.array(z.object({ name: z.string(), description: z.string() })),
  error: fault.nullable(),
});
export type McpServerView = z.infer<typeof mcpServer>;

/** A call that waits until somebody allows it. */
const approval = z.object({
  approvalId: z.string(),
  turnId: z.string(),
  server: z.string(),
  tool: z.string(),
  /** JSON. */
  arguments: z.string(),
});
export type ApprovalView = z.infer<typeof approval>;
export const approvals = z.array(approval);

const persona = z.object({
  name: z.string().trim().min(1).max(60),
  instructions: z.string().trim().min(1).max(50_000),
  voice: z.string().min(1).max(100).nullable(),
  models: modelOverrides,
  mcpServers: z.array(z.string().min(1).max(40)).max(50),
});
export type Persona = z.infer<typeof persona>;
/** What a newer Squelch has added stays. */
export const storedPersonaSchema = persona.extend({ id, models: modelOverrides.loose() }).loose();
export const personasFileSchema = z.looseObject({
  version: z.literal(1),
  personas: z.array(storedPersonaSchema).max(500),
});

export const agentCommands = {
  'agents.list': { input: nothing, output: z.array(agent) },
  /** Begins a new conversation with it, heard in the window that asks; the next conversations are with it too. */
  'agents.select': { input: z.object({ agentId: id }), output: nothing },
  /** Lets a file of the user's run, or no longer. Whoever asks has warned that it is code. */
  'agents.setEnabled': { input: z.object({ agentId: id, enabled: z.boolean() }), output: nothing },
  /** `id: null` makes a new one. */
  'personas.save': { input: persona.extend({ id: id.nullable() }), output: agent },
  'personas.delete': { input: z.object({ id }), output: nothing },
  'mcp.status': { input: nothing, output: z.array(mcpServer) },
  /** `always` also allows the calls of that server from now on, in the settings. */
  'tools.decide': {
    input: z.object({ approvalId: id, decision: z.enum(['once', 'always', 'deny']) }),
    output: nothing,
  },
} as const;

export const agentEvents = {
  'agents.changed': z.array(agent),
  'approval.requested': approval,
  /** Decided, or nobody waits for it any more. */
  'approval.closed': z.object({ approvalId: z.string() }),
  'mcp.changed': z.array(mcpServer),
} as const;
