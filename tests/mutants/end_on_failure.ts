// Preloaded into the tests of mutants: the first counterexample is enough, and shrinking it can
// take minutes.
import fc from "fast-check";

fc.configureGlobal({ endOnFailure: true });
