// What stands where data is missing: loading, failed, or nothing there yet.
import type { ComponentChildren } from "preact";
import type { ApiError } from "../api";
import type { Loaded } from "../data";

export function Problem({ error, retry }: { error: ApiError; retry: () => void }) {
  const advice =
    error.status === 429
      ? `Too many requests. ${error.retry_after ? `Try again in ${error.retry_after} s.` : "Try again in a minute."}`
      : error.status === 403
        ? "Your token does not have the scope for this."
        : "";
  return (
    <div class="note bad" role="alert">
      <div>
        <strong>{error.title}</strong>
        {error.detail && <span> {error.detail}</span>} {advice}
      </div>
      <button type="button" onClick={retry}>Try again</button>
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** Shows what was read; what went wrong stands above it, so that older numbers stay readable. */
export function Show<T>({ of, lines = 3, children }: { of: Loaded<T>; lines?: number; children: (data: T) => ComponentChildren }) {
  return (
    <>
      {of.error && <Problem error={of.error} retry={of.reload} />}
      {of.data !== null
        ? children(of.data)
        : !of.error && (
            <div class="ghost" role="status" aria-label="Loading">
              {Array.from({ length: lines }, (_, i) => <span key={i} class="ghost-line" />)}
            </div>
          )}
    </>
  );
}
