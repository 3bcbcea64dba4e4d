/** Ten thousand right programs, of any size, precision, layout and convention: none is accused. */
import { RandomState } from "../../mod.ts";
import { judgeRightDumps } from "./right_programs.ts";

Deno.test("law: diagnose() accuses none of 10,000 right programs", () => {
  judgeRightDumps(new RandomState(1206), 10_000);
});
