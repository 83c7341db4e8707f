// The address holds the whole state: #/view/id?brand=…&since=…
import { useEffect, useState } from "preact/hooks";

export interface Route { view: string; id: string; query: Record<string, string> }

export const periods = { "7d": "7 days", "28d": "28 days", "84d": "84 days" } as const;
export type PeriodName = keyof typeof periods;

export function parse_route(hash: string): Route {
  const text = hash.replace(/^#?\/?/, "");
  const at = text.indexOf("?");
  const path = at < 0 ? text : text.slice(0, at);
  const [view = "", id = ""] = path.split("/").map(decode);
  const query: Record<string, string> = {};
  for (const [key, value] of new URLSearchParams(at < 0 ? "" : text.slice(at + 1))) query[key] = value;
  return { view: view || "overview", id, query };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function href_of(view: string, id = "", query: Record<string, string | null | undefined> = {}): string {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value) parts.set(key, value);
  const text = parts.toString();
  return `#/${view}${id ? `/${encodeURIComponent(id)}` : ""}${text ? `?${text}` : ""}`;
}

export function useRoute(): Route {
  const [route, set] = useState(() => parse_route(location.hash));
  useEffect(() => {
    const changed = () => set(parse_route(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}

/** Goes there; `replace` leaves no step to come back to, as for a letter typed into a search. */
export function go(href: string, replace = false): void {
  if (replace) {
    history.replaceState(null, "", href);
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else {
    location.hash = href;
  }
}
