// One event stream for the whole page; views ask again for what they show when something changed.

export type EventKind = "stored" | "findings" | "acted" | "connection";
type Listener = (kind: EventKind, data: Record<string, unknown>) => void;

const listeners = new Set<Listener>();
let source: EventSource | null = null;
let connected = false;
let was_lost = false;

export function is_connected(): boolean {
  return connected;
}

export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(kind: EventKind, data: Record<string, unknown> = {}): void {
  for (const listener of [...listeners]) listener(kind, data);
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Opens the stream; the browser comes back by itself when it breaks. Nothing is replayed, so a return counts as a change. */
export function connect(): void {
  if (source) return;
  source = new EventSource("api/v1/events");
  source.onopen = () => {
    connected = true;
    tell("connection");
    if (was_lost) tell("findings");
    was_lost = false;
  };
  source.onerror = () => {
    connected = false;
    was_lost = true;
    tell("connection");
    // A refusal ends the stream for good; a cut one is taken up again by the browser.
    if (source?.readyState === EventSource.CLOSED) {
      source = null;
      setTimeout(connect, 10_000);
    }
  };
  for (const kind of ["stored", "findings", "acted"] as const) {
    source.addEventListener(kind, (event) => tell(kind, parse((event as MessageEvent<string>).data)));
  }
}

export function disconnect(): void {
  source?.close();
  source = null;
  connected = false;
}
