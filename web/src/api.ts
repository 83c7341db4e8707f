// The one way to the daemon. Every failure is an ApiError whose message can be shown as it is.

export class ApiError extends Error {
  constructor(
    /** HTTP status; 0: nobody answered. */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** Seconds after which the server wants to be asked again, where it said so. */
    readonly retry_after: number | null = null,
  ) {
    super(detail || title);
  }
}

type Query = Record<string, string | number | null | undefined>;

/** "path?a=1" below /api/v1; what is null, undefined or empty is left out. */
export function path_of(path: string, query: Query = {}): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
  return parts.length === 0 ? path : `${path}?${parts.join("&")}`;
}

const listeners = new Set<() => void>();
/** Calls back when the server no longer knows us. */
export function on_unauthorized(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function problem_of(reply: Response): Promise<ApiError> {
  const seconds = Number(reply.headers.get("Retry-After"));
  const retry_after = seconds > 0 ? seconds : null;
  let title = reply.statusText || `HTTP ${reply.status}`;
  let detail = "";
  try {
    const body = await reply.json();
    if (typeof body.title === "string") title = body.title;
    if (typeof body.detail === "string") detail = body.detail;
  } catch {
    // No body, or none of ours: the status says enough.
  }
  return new ApiError(reply.status, title, detail, retry_after);
}

/**
 * JSON.parse, but whole numbers of sixteen digits and more become strings: ids inside findings have 64 bits, which a
 * number here would round to another mention's. Strings are passed over, so a post's own digits stay as they are.
 */
export function parse_json(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(
    text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) => (/^-?\d{16,}$/.test(token) ? `"${token}"` : token)),
  );
}

async function answer(path: string, init: RequestInit): Promise<Response> {
  let reply: Response;
  try {
    reply = await fetch(`api/v1/${path}`, { ...init, credentials: "same-origin" });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, "Earshot does not answer", "Is earshotd running, and can this browser reach it?");
  }
  if (!reply.ok) {
    if (reply.status === 401 && path !== "session") for (const listener of listeners) listener();
    throw await problem_of(reply);
  }
  return reply;
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const reply = await answer(path, init);
  try {
    return parse_json(await reply.text()) as T;
  } catch {
    throw new ApiError(reply.status, "The answer was cut off", "Ask again.");
  }
}

export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  // "no-cache" asks with the ETag of what the browser holds; an unchanged answer costs a 304.
  return send<T>(path, signal ? { signal, cache: "no-cache" } : { cache: "no-cache" });
}

/** An answer that is a text: a report, an FAQ. */
export async function get_text(path: string): Promise<string> {
  return (await answer(path, { cache: "no-cache" })).text();
}

export function post<T>(path: string, body: unknown, method: "POST" | "PATCH" = "POST"): Promise<T> {
  return send<T>(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}
