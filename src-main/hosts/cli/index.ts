/** The command line's entry. */
import { CommanderError } from 'commander';
import { toFault } from '../../fault.ts';
import { endNativeThreads } from '../../transport/native-threads.ts';
import { makeProgram } from './program.ts';
import { EXIT, reportFailure, reportUsage, UsageError } from './report.ts';

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

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

/** @returns the exit status. */
function explain(error: unknown): number {
  const command = program.commands.find((candidate) => candidate.name() === args[0]);
  const name = command ? `squelch ${command.name()}` : 'squelch';
  if (error instanceof UsageError) {
    reportUsage(error.message, name);
    return EXIT.usage;
  }
  if (error instanceof CommanderError) {
    // Help and version are errors to commander.
    if (error.exitCode === 0) return EXIT.done;
    reportUsage(error.message.replace(/^error: /, ''), name);
    return EXIT.usage;
  }
  reportFailure(args.includes('--json'), toFault(error));
  return EXIT.failed;
}
