// The settings of a training run, in one table: what `train` takes, a checkpoint holds, `--resume`
// compares, a page about a run shows, and the page offers.
import { REPORT_SETTINGS } from "../network/report_settings.ts";
import { MAX_SEED } from "../random/random_state.ts";
import { t, type Text } from "../text/layout.ts";

export type SettingName = "epochs" | "batchSize" | "learningRate" | "hidden" | "seed";

export type Settings = Readonly<Record<SettingName, number>>;

/** The numbers from `min` to `max`, or the integers among them; in words after "need". */
export interface Range {
  readonly isInteger: boolean;
  readonly min: number;
  readonly max: number;
  readonly needed: Text;
}

/** Hidden units of a network, at most. */
export const MAX_HIDDEN = 4096;

/** The integers from `min` to `max`. */
export function integers(min: number, max: number = Number.MAX_SAFE_INTEGER): Range {
  const needed = t(`an integer from ${min} to ${max}`, `${min} から ${max} までの整数`);
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
  needed: t(
    "a finite number greater than 0, such as 0.01 or 1e-3",
    "0 より大きい有限の数（例: 0.01、1e-3）",
  ),
};

/** The number of a range that a user writes: without a sign, integers without an exponent. */
export function parseNumber(text: string, { isInteger, min, max }: Range): number | undefined {
  const form = isInteger ? /^\d+$/ : /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i, value = Number(text);
  return form.test(text) && value >= min && value <= max ? value : undefined;
}

/** A row: its option in messages and in the help, and its name in an address of the page. */
export interface Setting {
  readonly name: SettingName;
  readonly words: Text;
  readonly flag: string;
  readonly flags: string;
  /** The member of a checkpoint, after `state_`; of the hidden units the parameters tell. */
  readonly member?: string;
  readonly address?: string;
  readonly range: Range;
  readonly default: number;
}

const ROWS: readonly Omit<Setting, "default">[] = [
  {
    name: "epochs",
    words: t("epochs", "エポック数"),
    ...{ flag: "--epochs", flags: "--epochs", member: "epochs" },
    range: integers(1),
  },
  {
    name: "batchSize",
    words: t("batch size", "バッチサイズ"),
    ...{ flag: "--batch", flags: "--batch, --batch-size", member: "batch" },
    ...{ address: "trained-batch", range: integers(1) },
  },
  {
    name: "learningRate",
    words: t("learning rate", "学習率"),
    ...{ flag: "--learning-rate", flags: "--lr, --learning-rate", member: "learning_rate" },
    ...{ address: "trained-rate", range: POSITIVE },
  },
  {
    name: "hidden",
    words: t("hidden units", "隠れ層のユニット数"),
    ...{ flag: "--hidden", flags: "--hidden" },
    ...{ address: "trained-units", range: integers(1, MAX_HIDDEN) },
  },
  {
    name: "seed",
    words: t("seed", "乱数のシード"),
    ...{ flag: "--seed", flags: "--seed", member: "seed" },
    ...{ address: "trained-seed", range: integers(0, MAX_SEED) },
  },
];

/** The table, in the order of a checkpoint's members; the defaults are the report's. */
export const SETTINGS: readonly Setting[] = ROWS.map((row) => (
  { ...row, default: REPORT_SETTINGS[row.name] }
));

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
