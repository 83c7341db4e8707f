// Reading for a view: what was read before is shown at once and replaced when the new answer is there.
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ApiError, get } from "./api";
import { listen, type EventKind } from "./live";

const held = new Map<string, unknown>();
const held_max = 60;

function keep(path: string, value: unknown): void {
  held.delete(path);
  held.set(path, value);
  const oldest = held.keys().next().value;
  if (held.size > held_max && oldest !== undefined) held.delete(oldest);
}
/** After a login or logout nothing that was read before may be shown. */
export function forget(): void {
  held.clear();
}

export interface Loaded<T> {
  data: T | null;
  error: ApiError | null;
  loading: boolean;
  reload: () => void;
}

const quiet_ms = 1500;

export function as_api_error(error: unknown): ApiError {
  return error instanceof ApiError ? error : new ApiError(0, "Something went wrong in this page", String(error));
}

/** Reads `path` (null: nothing) now, and again whenever one of `kinds` is told, at most every 1.5 s and not while hidden. */
export function useData<T>(path: string | null, kinds: EventKind[] = []): Loaded<T> {
  const [state, set] = useState<{ path: string | null; data: T | null; error: ApiError | null; loading: boolean }>({
    path: null, data: null, error: null, loading: true,
  });
  const running = useRef<AbortController | null>(null);

  const load = useCallback(() => {
    if (path === null) return;
    running.current?.abort();
    const control = new AbortController();
    running.current = control;
    set((old) => ({
      path, data: (held.get(path) as T | undefined) ?? (old.path === path ? old.data : null),
      error: old.path === path ? old.error : null, loading: true,
    }));
    get<T>(path, control.signal).then(
      (data) => {
        keep(path, data);
        if (!control.signal.aborted) set({ path, data, error: null, loading: false });
      },
      (error: unknown) => {
        if (control.signal.aborted) return;
        set((old) => ({ path, data: old.path === path ? old.data : null, error: as_api_error(error), loading: false }));
      },
    );
  }, [path]);

  useEffect(() => {
    load();
    return () => running.current?.abort();
  }, [load]);

  const wanted = kinds.join();
  useEffect(() => {
    if (!wanted) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let missed = false;
    const later = () => {
      if (document.hidden) missed = true;
      else timer ??= setTimeout(() => { timer = undefined; load(); }, quiet_ms);
    };
    const shown = () => {
      if (!document.hidden && missed) { missed = false; later(); }
    };
    document.addEventListener("visibilitychange", shown);
    const stop = listen((kind) => { if (wanted.split(",").includes(kind)) later(); });
    return () => {
      stop();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", shown);
    };
  }, [load, wanted]);

  // A path that changed in this very render has nothing yet but what is held.
  const mine = state.path === path;
  return {
    data: mine ? state.data : path === null ? null : ((held.get(path) as T | undefined) ?? null),
    error: mine ? state.error : null,
    loading: mine ? state.loading : path !== null,
    reload: load,
  };
}

/** Now, moved on every half minute, for "12 min ago". */
export function useNow(): number {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
