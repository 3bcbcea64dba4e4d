// Points at which a test can delay or stop a thread. Other builds do not have them.
//
// ./build.ts defines the constant FAULTS: 1 in the build for tests, else 0.

@external("env", "fault")
declare function fault(): void;

@inline
export function faultPoint(): void {
  if (FAULTS) fault();
}
