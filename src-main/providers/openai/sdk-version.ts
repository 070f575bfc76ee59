/** Which version of the official SDK makes the requests, read without loading it. */
export { VERSION as SDK_VERSION } from 'openai/version';
