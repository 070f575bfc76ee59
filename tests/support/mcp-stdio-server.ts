/** A tool server as a program: speaks over stdin and stdout. With `--silent` it never says a word. */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { makeToolServer } from './mcp-tools.ts';

const die = () => {
  process.stderr.write('out of memory\n');
  process.exit(1);
};

if (process.argv.includes('--silent')) process.stdin.resume();
else await makeToolServer({ die }).connect(new StdioServerTransport());
