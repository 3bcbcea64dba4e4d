// Entry of the WebAssembly module with shared memory: the same, and what threads need.
export * from "./index";
export { claim, finish, redo, stop, wait, work } from "./chunks";
