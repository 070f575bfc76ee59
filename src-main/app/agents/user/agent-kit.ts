/** What an agent file of the user's is given, so that it needs to import nothing. */
import { z } from 'zod';
import { Agent, agent } from '../../../conversation/agent.ts';
import { ChatContext } from '../../../conversation/chat-context.ts';
import { StopResponse, ToolError, tool } from '../../../conversation/tool.ts';
import { textOf } from '../../../speech/llm/chat.ts';

export const agentKit = { Agent, agent, tool, z, ToolError, StopResponse, ChatContext, textOf } as const;
export type AgentKit = typeof agentKit;
