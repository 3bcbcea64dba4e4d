// The settings of a training run, in one table: what `train` takes, a checkpoint holds, `--resume`
// compares, a page about a run shows, and the playground offers.
import { REPORT_SETTINGS } from "../network/report_settings.ts";
import { MAX_SEED } from "../random/mt19937.ts";
import type { Text } from "../text/layout.ts";

export type SettingName = "epochs" | "batchSize" | "learningRate" | "hidden" | "seed";

export type Settings = Readonly<Record<SettingName, number>>;

/** The numbers from `min` to `max`, or the integers among them; in words after "need". */
export interface Range {
  readonly isInteger: boolean;
  readonly min: number;
  readonly max: number;
  readonly needed: Text;
}

/** A row of the table. */
export interface Setting {
  readonly name: SettingName;
  readonly words: Text;
  /** The option of `train` in messages, and for commander with its other name; the last counts. */
  readonly flag: string;
  readonly flags: string;
  /** The member of a checkpoint, after `state_`; of the hidden units the parameters tell. */
  readonly member?: string;
  /** Its name in an address of the page. */
  readonly address?: string;
  readonly range: Range;
  readonly default: number;
}

/** Hidden units of a network, at most. */
export const MAX_HIDDEN = 4096;

/** The integers from `min` to `max`. */
export function integers(min: number, max: number = Number.MAX_SAFE_INTEGER): Range {
  const needed = { en: `an integer from ${min} to ${max}`, ja: `${min} から ${max} までの整数` };
  return { isInteger: true, min, max, needed };
}

/** The numbers from `min` to `max`, in words. */
export function numbers(min: number, max: number, needed: string): Range {
  return { isInteger: false, min, max, needed: { en: needed, ja: needed } };
}

/** Whether a number is of a range. */
export function isInRange(x: number, { isInteger, min, max }: Range): boolean {
  return x >= min && x <= max && (!isInteger || Number.isInteger(x));
}

/** The finite numbers above 0. */
export const POSITIVE: Range = {
  ...{ isInteger: false, min: Number.MIN_VALUE, max: Number.MAX_VALUE },
  needed: {
    en: "a finite number greater than 0, such as 0.01 or 1e-3",
    ja: "0 より大きい有限の数（例: 0.01、1e-3）",
  },
};

/** The number of a range that a user writes: without a sign, integers without an exponent. */
export function parseNumber(text: string, { isInteger, min, max }: Range): number | undefined {
  const form = isInteger ? /^\d+$/ : /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i, value = Number(text);
  return form.test(text) && value >= min && value <= max ? value : undefined;
}

/** The table, in the order of a checkpoint's members. */
export const SETTINGS: readonly Setting[] = [
  {
    name: "epochs",
    words: { en: "epochs", ja: "エポック数" },
    flag: "--epochs",
    flags: "--epochs",
    member: "epochs",
    range: integers(1),
    default: REPORT_SETTINGS.epochs,
  },
  {
    name: "batchSize",
    words: { en: "batch size", ja: "バッチサイズ" },
    flag: "--batch",
    flags: "--batch, --batch-size",
    member: "batch",
    address: "trained-batch",
    range: integers(1),
    default: REPORT_SETTINGS.batchSize,
  },
  {
    name: "learningRate",
    words: { en: "learning rate", ja: "学習率" },
    flag: "--learning-rate",
    flags: "--lr, --learning-rate",
    member: "learning_rate",
    address: "trained-rate",
    range: POSITIVE,
    default: REPORT_SETTINGS.learningRate,
  },
  {
    name: "hidden",
    words: { en: "hidden units", ja: "隠れ層のユニット数" },
    flag: "--hidden",
    flags: "--hidden",
    address: "trained-units",
    range: integers(1, MAX_HIDDEN),
    default: REPORT_SETTINGS.hidden,
  },
  {
    name: "seed",
    words: { en: "seed", ja: "乱数のシード" },
    flag: "--seed",
    flags: "--seed",
    member: "seed",
    address: "trained-seed",
    range: integers(0, MAX_SEED),
    default: REPORT_SETTINGS.seed,
  },
];

/** What `value` gives for each setting, by its name. */
export function eachSetting<Value>(
  value: (setting: Setting) => Value,
  settings: readonly Setting[] = SETTINGS,
): Record<SettingName, Value> {
  const entries = settings.map((setting) => [setting.name, value(setting)]);
  return Object.fromEntries(entries) as Record<SettingName, Value>;
}

/** The settings that have a value, in the order of the table. */
export function settingsIn(
  values: Partial<Settings>,
): readonly (readonly [setting: Setting, value: number])[] {
  return SETTINGS.flatMap((setting) => {
    const value = values[setting.name];
    return value === undefined ? [] : [[setting, value]];
  });
}

/** The report's settings. */
export const DEFAULT_SETTINGS: Settings = eachSetting((setting) => setting.default);
