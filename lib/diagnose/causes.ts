// Why a quantity is wrong: the mistakes that explain it, or else the shape of its difference.
import type { Cause } from "./cause.ts";
import { plainDifference, shapeOfDifference } from "./differences.ts";
import { mistakesInPairs, singleMistakes } from "./mistake_search.ts";
import type { Suspect } from "./suspect.ts";
import { wrongShape } from "./wrong_shape.ts";

/** All explanations that fit, best first; what is said of the difference alone if none does. */
export function findCauses(suspect: Suspect): Cause[] {
  if (suspect.candidates.length === 0) return [wrongShape(suspect)];
  const { exact, multiples } = singleMistakes(suspect);
  if (exact.length > 0) return [...exact];
  const plain = plainDifference(suspect);
  if (plain !== undefined) return [plain];
  if (multiples.length > 0) return [...multiples];
  const shape = shapeOfDifference(suspect);
  if (shape !== undefined) return [shape];
  const pairs = mistakesInPairs(suspect);
  return pairs.length > 0 ? pairs : [{ kind: "unknown" }];
}
