// What the library exports besides functions, classes and types.
import { deepStrictEqual } from "node:assert/strict";
import * as sanso from "../../mod.ts";

Deno.test("example: constants that mod.ts exports are frozen, and their items too", () => {
  const constants = Object.entries(sanso).filter(([, value]) => typeof value === "object");
  const open = constants.filter(([, value]) =>
    ![value, ...Object.values(value)].every(Object.isFrozen)
  );
  deepStrictEqual(constants.map(([name]) => name).sort(), [
    ...["INITIAL_POSITION", "MISTAKES", "REPORT_SETTINGS", "STEP", "STEP_INPUTS"],
  ]);
  deepStrictEqual(open.map(([name]) => name), []);
});
