/** The running core: the parts of the app and what changes while it runs. Commands and windows act on this. */
import type { AppView, ConversationView, TurnView } from '../../src-preload/contract.ts';
import type { RetentionRules, SettingsPatch, Stage } from '../../src-preload/settings.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Prices } from '../audit/cost/prices.ts';
import type { RetentionOptions } from '../audit/erasure/retention.ts';
import type { Agent } from '../conversation/agent.ts';
import { AgentSession } from '../conversation/session.ts';
import { Fault, reportFault, toFault } from '../fault.ts';
import type { SecretStore } from '../settings/secrets.ts';
import type { SettingsStore } from '../settings/store.ts';
import type { Vad } from '../speech/vad/vad.ts';
import type { Transport } from '../transport/transport.ts';
import { Agents } from './agents/agents.ts';
import { type AskedModels, withModels } from './agents/asked-models.ts';
import { type Chosen, outsider } from './agents/catalog.ts';
import { startingAgent } from './agents/starting-agent.ts';
import { conversationView } from './conversation-view.ts';
import { Deletions } from './deletions.ts';
import { Exports } from './exports.ts';
import type { Installation } from './installation.ts';
import type { Notices } from './notices.ts';
import { loggedConversation, type Resumable } from './resumable.ts';
import type { OpenGuestPage } from './rooms/guest-page.ts';
import { Rooms } from './rooms/rooms.ts';
import { Serving } from './rooms/serving.ts';
import { sessionModels } from './session-models.ts';
import { makeStages, type StageSources, type Stages, serverOf } from './stages.ts';
import { TurnTraces } from './turn-traces.ts';
import { TurnViews } from './turn-views.ts';
import { VadLab } from './vad-lab/lab.ts';
import { loggedRecordings } from './vad-lab/logged-recordings.ts';
import type { Windows } from './windows.ts';

export interface CoreParts {
  readonly home: string;
  readonly host: AppView['host'];
  readonly version: string;
  readonly settings: SettingsStore;
  readonly secrets: SecretStore;
  readonly environment: StageSources['environment'];
  readonly log: AuditLog;
  readonly vad: Vad;
  readonly installation: Installation;
  readonly notices: Notices;
  readonly prices: Prices;
  readonly windows: Windows;
  readonly openGuestPage: OpenGuestPage;
}

interface SessionStart {
  /** One that the catalog does not have. */
  readonly agent?: Agent;
  readonly agentId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly resumed?: Resumable | null;
  readonly models?: AskedModels | undefined;
  readonly isPrivate?: boolean | undefined;
  readonly transport?: Transport;
}

export class Core {
  readonly log: AuditLog;
  readonly notices: Notices;
  readonly windows: Windows;
  readonly agents: Agents;
  readonly deletions = new Deletions();
  readonly exports: Exports;
  readonly lab: VadLab;
  readonly rooms: Rooms;
  readonly serving: Serving;
  readonly #parts: CoreParts;
  readonly #traces: TurnTraces;
  readonly #turns: TurnViews;
  #stages: Stages;
  /** Changes so far, and the one whose stages are in use. */
  #recasts = 0;
  #inUse = 0;
  #session: AgentSession;
  #private = false;
  /** Of a conversation of the log that goes on. */
  #earlierTurns: readonly TurnView[] = [];
  /** The session whose words the conversation remembers besides its own. */
  #origin: string | null = null;

  static async start(parts: CoreParts): Promise<Core> {
    const agents = new Agents({ ...parts, fetch: parts.log.recordingFetch });
    const [stages] = await Promise.all([makeStages(sourcesOf(parts)), agents.start()]);
    return new Core(parts, stages, agents);
  }

  private constructor(parts: CoreParts, stages: Stages, agents: Agents) {
    this.#parts = parts;
    this.#stages = stages;
    this.log = parts.log;
    this.notices = parts.notices;
    this.windows = parts.windows;
    this.agents = agents;
    this.exports = new Exports(parts.home, parts.version);
    this.lab = new VadLab({
      home: parts.home,
      ...parts.installation,
      vad: parts.vad,
      turns: (from) => loggedRecordings(parts.log, from),
      keeps: (turnId) => parts.log.queries.recordingFile(turnId, 'user') !== null,
      tell: (name, payload) => this.windows.send(name, payload),
      onBrokenPreset: ({ message, hint }) => this.notices.add({ level: 'warning', message, hint }),
    });
    const sources = () => ({
      settings: parts.settings.current,
      secrets: parts.secrets,
      environment: parts.environment,
    });
    this.rooms = new Rooms({
      sources,
      session: () => this.#session,
      agentName: () => this.#agentName(),
      talkWith: (agent) => this.startSession(agent ? { agent } : {}),
      openGuestPage: parts.openGuestPage,
      record: parts.log.record,
      isPrivate: (session) => session === this.#session && this.#private,
      notice: ({ message, hint }) => this.notices.add({ level: 'warning', message, hint }),
      changed: (view) => this.windows.send('room.changed', view),
    });
    this.serving = new Serving({
      sources,
      openSession: (agentId) =>
        this.#newSession(this.agents.catalog.make(agentId ?? parts.settings.current.agent), false),
      rules: () => parts.settings.current.rooms,
      record: parts.log.record,
      changed: (rooms) => this.windows.send('room.serving', rooms),
      workerChanged: (fault) => this.windows.send('room.working', { fault: fault && reportFault(fault) }),
    });
    this.#traces = new TurnTraces({ ...parts, settings: () => parts.settings.current.telemetry });
    this.#turns = new TurnViews(
      (usage) => parts.prices.table.costOf(usage, Date.now(), (stage) => serverOf(this.#stages, stage)),
      (turn) => this.windows.turnChanged(turn),
    );
    const { settings, notices } = parts;
    this.#session = this.#newSession(startingAgent(agents.catalog, settings.current.agent, notices), false);
    this.notices.onChange(() => this.announceApp());
  }

  get prices(): Prices {
    return this.#parts.prices;
  }

  get session(): AgentSession {
    return this.#session;
  }

  get stages(): Stages {
    return this.#stages;
  }

  get turns(): TurnView[] {
    return [...this.#earlierTurns, ...this.#turns.all()];
  }

  get app(): AppView {
    const { home, host, version, settings, secrets } = this.#parts;
    return {
      version,
      host,
      platform: process.platform,
      home,
      settings: settings.current,
      stages: this.#stages.status,
      keyStorage: { persistent: secrets.persistent, note: secrets.note },
      notices: this.notices.all,
    };
  }

  get conversation(): ConversationView {
    const begun = this.#turns.all().length > 0;
    return conversationView(this.#session, { begun, isPrivate: this.#private });
  }

  announceApp(): void {
    this.windows.send('app.changed', this.app);
  }

  /** @throws Fault when the change can't be written. */
  async updateSettings(patch: SettingsPatch): Promise<void> {
    // What is changed by hand is no preset's any more.
    this.#parts.settings.update(patch.vad ? { ...patch, vad: { preset: null, ...patch.vad } } : patch);
    this.#traces.settingsChanged();
    await this.#recast();
  }

  /** @param stage null means all three. @throws Fault when the key can't be kept. */
  async setKey(stage: Stage | null, key: string | null): Promise<void> {
    for (const one of stage ? [stage] : (['stt', 'llm', 'tts'] as const)) await this.#parts.secrets.set(one, key);
    await this.#recast();
  }

  /** A keychain that was locked may be open now; asking it may ask the user, so it is done when he does something. */
  async readKeysAgain(): Promise<void> {
    if (this.#parts.secrets.unread) await this.#recast();
  }

  /**
   * Ends the conversation and begins another.
   * @param agentId the one of the settings if left out, with `agent` too
   * @param sessionId a conversation of the log that goes on
   * @param resumed one that was made ready already
   * @param models instead of the agent's
   * @param isPrivate nothing of it is kept
   * @param transport where the agent is heard if it speaks first; without one it waits to be spoken to
   * @throws Fault `agent-unknown`, before anything has changed, and those of the agent's onEnter
   */
  async startSession({
    agent,
    agentId,
    sessionId,
    isPrivate = false,
    resumed: ready = null,
    models,
    transport,
  }: SessionStart = {}): Promise<void> {
    const ending = this.#session;
    const logged = () => (sessionId === undefined ? null : loggedConversation(this.log.queries, sessionId, isPrivate));
    let resumed = ready ?? logged();
    const chosen = agent
      ? outsider(agent)
      : this.agents.catalog.make(agentId ?? resumed?.agentId ?? this.#parts.settings.current.agent);
    if (sessionId === ending.id) {
      // It goes on from where it ends, not from the middle of a turn.
      await ending.close();
      resumed = logged();
    }
    const beginning = this.#newSession(models ? withModels(chosen, models) : chosen, isPrivate, resumed);
    this.#origin = resumed?.origin ?? null;
    this.#turns.clear();
    this.#earlierTurns = resumed?.turns ?? [];
    this.#session = beginning;
    this.#private = isPrivate;
    this.rooms.follow(beginning);
    this.#announceConversation();
    await ending.close();
    // Who comes back is not greeted again.
    if (transport && !resumed) await beginning.start(this.rooms.voiceFor(transport));
  }

  /** Begins a conversation with it, and the next ones too. @throws Fault as startSession does */
  async selectAgent(agentId: string, transport: Transport): Promise<void> {
    await this.startSession({ agentId, transport });
    await this.updateSettings({ agent: agentId });
  }

  /** Begins another conversation if the one in progress is that session: what it still remembers would be said again. */
  async endSession(sessionId: string | undefined): Promise<void> {
    if (sessionId === undefined) return;
    if (sessionId === this.#session.id || sessionId === this.#origin) await this.startSession();
  }

  /** These rules, applied now. */
  retention({ soundDays, allDays, capMegabytes }: RetentionRules): RetentionOptions {
    return { rules: { soundDays, allDays, capMegabytes }, now: Date.now(), except: this.#session.id };
  }

  async close(): Promise<void> {
    this.exports.cancelAll();
    this.deletions.stopAll();
    this.lab.closeAll();
    await this.#session.close();
    await this.rooms.close();
    await this.serving.close();
    await this.agents.close();
    this.log.close();
    await this.#traces.close();
  }

  #agentName(): string {
    const { id } = this.#session.currentAgent;
    return this.agents.catalog.all().find((agent) => agent.id === id)?.name ?? id;
  }

  #newSession(chosen: Chosen, isPrivate: boolean, resumed: Resumable | null = null): AgentSession {
    const { agent, userData, models } = chosen;
    const session = new AgentSession({
      agent,
      userData,
      models: () => sessionModels(this.#stages, models, this.#parts.vad, () => this.#parts.settings.current),
      // The log is told first: what it can't keep is not shown as if it were.
      ...(isPrivate ? {} : { record: this.log.record }),
      ...(resumed ? { resume: resumed } : {}),
    });
    if (!isPrivate) {
      this.log.expect({ sessionId: session.id, agentId: session.currentAgent.id });
      session.on((event) => this.#traces.hear(event));
    }
    this.agents.equip(chosen, session);
    session.on((event) => {
      if (session === this.#session) this.#turns.apply(event);
    });
    session.on('error', ({ error: { code, message, hint } }) => {
      // Any other is shown with its turn.
      if (code === 'listener-failed') this.notices.add({ level: 'warning', message, hint });
    });
    session.onState(() => {
      if (session === this.#session) this.#announceConversation();
    });
    session.on('conversation_item_added', ({ item }) => {
      if (item.type === 'agent_handoff' && session === this.#session) this.#announceConversation();
    });
    return session;
  }

  async #recast(): Promise<void> {
    const recast = ++this.#recasts;
    try {
      const stages = await makeStages(sourcesOf(this.#parts));
      // Keys are read from disk: an earlier change must not come last, unless the later ones failed.
      if (recast > this.#inUse) {
        this.#stages = stages;
        this.#inUse = recast;
      }
    } catch (cause) {
      throw new Fault('change-not-used', `What was changed is saved, but not in use: ${toFault(cause).message}`, {
        hint: 'Change it again, or start Squelch anew.',
        cause,
      });
    } finally {
      this.agents.settingsChanged(this.#parts.settings.current);
      this.rooms.announce();
      this.announceApp();
    }
  }

  #announceConversation(): void {
    this.windows.send('conversation.changed', this.conversation);
  }
}

function sourcesOf({ settings, secrets, environment, log }: CoreParts): StageSources {
  const { recordingFetch, recordingSocket } = log;
  return { settings: settings.current, secrets, environment, fetch: recordingFetch, webSocket: recordingSocket };
}
