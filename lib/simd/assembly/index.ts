// Entry of the WebAssembly module: variables that TypeScript sets, functions that it calls.
export * from "./memory";
export { lastRead, listPixels } from "./sparse";
export {
  alone, FILL_X, GRADIENTS, HIDDEN, HIDDEN_AND_LIST, LOSSES, SCORES, UPDATE,
} from "./chunks";
