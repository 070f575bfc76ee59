/**
 * Everything that happens in a conversation, as data, synchronously and in order. The audit log, the
 * window and the command line all listen to this one stream; none of them is known here.
 * Every event of a turn carries its `turnId`; `at` is milliseconds since the epoch.
 */
import type { FaultReport } from '../fault.ts';
import type { Usage } from '../speech/call.ts';
import type { ChatItem, FunctionCall, FunctionCallOutput } from '../speech/llm/chat.ts';
import type { SpeechSegment, VadOptions } from '../speech/vad/vad.ts';
import type { Outcome, Phase } from './turn.ts';

/** What was in force when the turn began: enough to explain it years later. Never holds a credential. */
export interface TurnConfiguration {
  readonly agentId: string;
  readonly instructions: string;
  /** Labels of the models: `openai/whisper-1`. */
  readonly stt: string;
  readonly llm: string;
  readonly tts: string;
  readonly vad: VadOptions & { readonly modelSha256: string };
  readonly input: {
    readonly deviceLabel: string | null;
    readonly processing: readonly string[];
    /** Who speaks or writes, in a room with several people; left out for whoever sits at this machine. */
    readonly speaker?: Speaker;
  };
}

/** A person among several. */
export interface Speaker {
  /** Unique in the room. */
  readonly identity: string;
  readonly name: string;
}

/** `agent`: nobody asked, the agent speaks up by itself. */
export type TurnSource = 'voice' | 'text' | 'retry' | 'agent';

/** Milliseconds from the release (or, for typed turns, from sending) to each step; null if it was not reached. */
export interface TurnTimings {
  readonly releaseToTranscriptMs: number | null;
  readonly releaseToFirstTokenMs: number | null;
  readonly releaseToFirstAudioMs: number | null;
  /** From key down to the end of the turn. */
  readonly totalMs: number;
}

/** How the captured audio arrived. */
export interface CaptureReport {
  /** Samples at 24 kHz. */
  readonly samples: number;
  /** Frames that never came (gaps in the sequence). */
  readonly lostFrames: number;
  /** Frames that came twice or out of order; not used. */
  readonly lateFrames: number;
  /** Speech found by voice detection, in samples at 24 kHz. */
  readonly segments: readonly SpeechSegment[];
  /** Set when voice detection failed: the segments then say nothing. */
  readonly vadError: FaultReport | null;
}

export type AgentState = 'idle' | 'listening' | 'thinking' | 'speaking';
export type UserState = 'idle' | 'speaking';

/** A function call that was carried out. */
export interface ToolExecution {
  readonly call: FunctionCall;
  readonly output: FunctionCallOutput;
  readonly durationMs: number;
  /** What the tool threw, where the model is only told that it failed. */
  readonly failure: string | null;
}

/** `once` and `always` allow it; `timeout`: nobody answered. */
export type ToolCallDecision = 'once' | 'always' | 'deny' | 'timeout';

/** LiveKit's own words for it; `unknown`: the server did not say. */
export type ServerRecordingStatus =
  | 'starting'
  | 'active'
  | 'ending'
  | 'complete'
  | 'failed'
  | 'aborted'
  | 'limit-reached'
  | 'unknown';

/** What a room's own server records of it, as that server says. */
export interface ServerRecording {
  /** The server's. */
  readonly egressId: string;
  readonly room: string;
  readonly status: ServerRecordingStatus;
  /** On the storage of its Egress service. */
  readonly files: readonly {
    readonly name: string;
    readonly location: string;
    readonly durationMs: number;
    readonly bytes: number;
  }[];
  readonly error: string | null;
}

export type SessionEvent = { readonly at: number; readonly sessionId: string } & (
  | { readonly type: 'session_started'; readonly agentId: string }
  | {
      readonly type: 'turn_started';
      readonly turnId: string;
      readonly source: TurnSource;
      /** The turn that this one sends again. */
      readonly retryOf: string | null;
      readonly configuration: TurnConfiguration;
    }
  | { readonly type: 'phase_changed'; readonly turnId: string; readonly phase: Phase }
  | { readonly type: 'audio_captured'; readonly turnId: string; readonly samples: Int16Array }
  | { readonly type: 'vad_measured'; readonly turnId: string; readonly probabilities: readonly number[] }
  | { readonly type: 'capture_ended'; readonly turnId: string; readonly report: CaptureReport }
  | { readonly type: 'user_input_transcribed'; readonly turnId: string; readonly text: string; readonly final: boolean }
  | {
      readonly type: 'user_speech_committed';
      readonly turnId: string;
      readonly messageId: string;
      readonly text: string;
      /** Set when an agent gave them as the user's, with generateReply({ userInput }). */
      readonly given?: true;
    }
  | { readonly type: 'agent_text_generated'; readonly turnId: string; readonly text: string }
  | {
      readonly type: 'agent_audio_generated';
      readonly turnId: string;
      /** 24 kHz. */
      readonly samples: Int16Array;
      /** Words whose sound begins here. */
      readonly text: string | null;
    }
  | {
      readonly type: 'agent_speech_heard';
      readonly turnId: string;
      /** Samples at 24 kHz that left the loudspeaker so far. */
      readonly heardSamples: number;
      /** How much of the reply's text that is, as a prefix. */
      readonly heardText: string;
    }
  | { readonly type: 'usage_reported'; readonly turnId: string; readonly usage: Usage }
  | {
      readonly type: 'agent_speech_committed';
      readonly turnId: string;
      /** null when nothing of it was heard and so nothing was kept for the conversation. */
      readonly messageId: string | null;
      /** The whole reply as generated. */
      readonly text: string;
      readonly heardText: string;
      readonly interrupted: boolean;
    }
  /** A message, a function call, its output, a handoff, or new instructions became part of the conversation. */
  | { readonly type: 'conversation_item_added'; readonly turnId: string; readonly item: ChatItem }
  | { readonly type: 'function_tools_executed'; readonly turnId: string; readonly executions: readonly ToolExecution[] }
  /** A call that had to be allowed was, or was not; announced by the app. */
  | {
      readonly type: 'tool_call_decided';
      readonly turnId: string;
      readonly callId: string;
      readonly decision: ToolCallDecision;
    }
  /** Something to say was decided on: by the turn, by a hook or tool, or by the app. */
  | {
      readonly type: 'speech_created';
      readonly turnId: string;
      readonly source: 'say' | 'reply';
      /** Of its handle. */
      readonly speechId: string;
    }
  | { readonly type: 'agent_state_changed'; readonly turnId: string; readonly state: AgentState }
  | { readonly type: 'user_state_changed'; readonly turnId: string; readonly state: UserState }
  | { readonly type: 'metrics_collected'; readonly turnId: string; readonly timings: TurnTimings }
  /** Something failed. `turnId` is null only for what is of no turn. */
  | {
      readonly type: 'error';
      readonly turnId: string | null;
      readonly error: FaultReport;
      /** Whether the turn goes on in spite of it; of what is of no turn, that the session does. */
      readonly recoverable: boolean;
    }
  /** Something went wrong around the conversation: in its room, or with a server of tools; announced by the app. */
  | {
      readonly type: 'fault';
      readonly source: 'room' | 'tools';
      /** The one in flight; null between turns. */
      readonly turnId: string | null;
      readonly error: FaultReport;
      /** Whom it is about. */
      readonly participant: Speaker | null;
    }
  /** What the server of that room records of it has begun, or is over; announced by the app. */
  | { readonly type: 'server_recording'; readonly turnId: null; readonly recording: ServerRecording }
  | {
      readonly type: 'turn_ended';
      readonly turnId: string;
      readonly outcome: Outcome;
      readonly error: FaultReport | null;
      /** Why a hook or a tool ended the turn without a (further) reply; null when none did. */
      readonly stopReason: string | null;
      readonly timings: TurnTimings;
    }
  | { readonly type: 'close' }
);

export type SessionEventType = SessionEvent['type'];

/** A session event before the session stamps it. */
export type SessionEventBody = SessionEvent extends infer E
  ? E extends SessionEvent
    ? Omit<E, 'at' | 'sessionId'>
    : never
  : never;

/** What it throws, or the promise it returns rejects with, is announced as an `error`. */
export type SessionListener = (event: SessionEvent) => unknown;
