/**
 * Opens a page in the browser of the computer.
 *
 * @module
 */

import { systemReason } from "./errors.ts";

/** The program that opens an address, and its first arguments. */
const [OPENER, ...ARGUMENTS] = {
  darwin: ["open"],
  windows: ["cmd", "/c", "start", ""],
}[Deno.build.os as string] ?? ["xdg-open"];

/**
 * Opens an address, without waiting for the browser.
 *
 * @returns why it cannot be opened, if it cannot
 */
export async function openInBrowser(address: string): Promise<string | undefined> {
  try {
    const { code } = await new Deno.Command(OPENER!, {
      args: [...ARGUMENTS, address],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return code === 0 ? undefined : `${OPENER} failed with exit code ${code}`;
  } catch (error) {
    return `${OPENER}: ${systemReason(error)}`;
  }
}
