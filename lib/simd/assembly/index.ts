// Entry of the WebAssembly module: variables that TypeScript sets, functions that it calls.
export * from "./memory";
export { lastRead } from "./prefetch";
export { alone } from "./chunks";
export { countNonzero, listNonzero, preparePositions } from "./list_pixels";
