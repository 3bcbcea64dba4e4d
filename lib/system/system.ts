/**
 * The exports of this folder that commands import.
 *
 * @module
 */

export {
  dataOption,
  forbidOptionsAsPaths,
  forbidRepeatedOptions,
  integer,
  languageOption,
  oneOf,
  option,
  overwriteOption,
  parametersOption,
  path,
  positive,
  seed,
} from "./arguments.ts";
export { openInBrowser } from "./browser.ts";
export {
  checkClasses,
  checkFit,
  checkLabels,
  checkSameData,
  type DatasetHeader,
  describeSize,
  fingerprint,
  limitTo,
  loadDataset,
  type LoadedDataset,
  readDatasetHeader,
  sha256,
  type Split,
} from "./data_files.ts";
export { checkDataSample, type DataSample, parseDataSample } from "./data_sample.ts";
export {
  type AnyEngine,
  defaultThreads,
  type EngineKind,
  engineOption,
  makeEngine,
  threadsOption,
} from "./engines.ts";
export { Exit, UsageError, UserError, withFileName, wrapSystemError } from "./errors.ts";
export { assertNotInput, checkTarget, exists, isFolder, listFolder, readFile } from "./files.ts";
export { HistoryFile, readStoredHistory, type StoredHistory } from "./history_file.ts";
export { invocation } from "./invocation.ts";
export {
  loadParameters,
  loadParametersOrPretrained,
  type ParametersFile,
  readNpzFile,
} from "./npz_files.ts";
export { info, OutputFile, type OutputKind, print, printError } from "./output.ts";
export { type Display, type JobProgress, showExamples, showJob, showProgress } from "./progress.ts";
export { SavedFile } from "./saved_file.ts";
export { dataFile, openServer, type Site, textFile, waitUntilClosed } from "./server.ts";
export { SignalWatch, Stopped } from "./signals.ts";
