// Changing something: one status line for the page says what happened and how to take it back.
import { as_api_error } from "./data";

export interface Notice { text: string; bad: boolean; undo?: (() => void) | undefined }

type Listener = (notice: Notice | null) => void;
let listener: Listener = () => undefined;

export function on_notice(call: Listener): void {
  listener = call;
}
export function say(text: string, undo?: () => void): void {
  listener({ text, bad: false, undo });
}

/** Runs a change; true when it went through. A failure is shown with the way to try again. */
export async function act(change: () => Promise<unknown>, done: string, undo?: () => void): Promise<boolean> {
  try {
    await change();
    if (done) say(done, undo);
    return true;
  } catch (error) {
    const problem = as_api_error(error);
    listener({ text: `Not changed: ${problem.message}`, bad: true });
    return false;
  }
}
