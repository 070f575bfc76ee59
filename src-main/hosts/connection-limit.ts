/**
 * Connections that a server of ours takes at a time: far more than windows need. Whoever opens ever more must not leave
 * the log without files.
 */
export const MAX_CONNECTIONS = 128;
