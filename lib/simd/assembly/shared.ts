// Entry of the WebAssembly module with shared memory: the same, and what threads need.
export * from "./index";
export { claim, finish, help, post, stop, wait, work } from "./chunks";
