// Entry of the WebAssembly module: variables that TypeScript sets, functions that it calls.
export * from "./memory";
export { help, post } from "./chunks";
