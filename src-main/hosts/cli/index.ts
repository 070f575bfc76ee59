/** The command line's entry. */
import { type Command, CommanderError } from 'commander';
import { toFault } from '../../fault.ts';
import { endNativeThreads } from '../../transport/native-threads.ts';
import { makeProgram } from './program.ts';
import { EXIT, mention, reportFailure, reportUsage, UsageError } from './report.ts';

// A reader that has seen enough (`| head`) is no failure: what was begun is finished, unread.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return;
  mention(`squelch: The result can’t be written out (${message}). Send it elsewhere.`);
  process.once('exit', () => {
    process.exitCode ||= EXIT.failed;
  });
});
// Nobody is left to tell.
process.stderr.on('error', () => {});

const args = process.argv.slice(2);
const program = makeProgram((status) => {
  process.exitCode = status;
});

try {
  if (args.length === 0) {
    program.outputHelp();
  } else {
    await program.parseAsync(args, { from: 'user' });
  }
} catch (error) {
  process.exitCode = explain(error);
} finally {
  await endNativeThreads();
}

/** @returns the command whose help says more; and what stands where one of its commands would, if it is none */
function calledCommand(): { command: Command; name: string; unknown: string | null } {
  const names = [program.name()];
  let command: Command = program;
  for (const arg of args) {
    const next = command.commands.find((candidate) => candidate.name() === arg);
    if (!next) return { command, name: names.join(' '), unknown: command.commands.length > 0 ? arg : null };
    names.push(arg);
    command = next;
  }
  return { command, name: names.join(' '), unknown: null };
}

/** @returns the exit status. */
function explain(error: unknown): number {
  const { command, name, unknown } = calledCommand();
  if (error instanceof UsageError) {
    reportUsage(error.message, name);
    return EXIT.usage;
  }
  if (error instanceof CommanderError) {
    // Help and version are errors to commander.
    if (error.exitCode === 0) return EXIT.done;
    if (error.code === 'commander.help') {
      command.outputHelp();
      return EXIT.done;
    }
    // To a group that lists by itself, a command that it has not got is an argument too many.
    const isMisnamed = error.code === 'commander.excessArguments' && unknown !== null;
    reportUsage(isMisnamed ? `unknown command '${unknown}'` : error.message.replace(/^error: /, ''), name);
    return EXIT.usage;
  }
  reportFailure(args.includes('--json'), toFault(error));
  return EXIT.failed;
}
