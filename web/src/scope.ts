// What every view shows: one brand, one stretch of time. Both live in the address and go along with every link.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { href_of, type Route } from "./route";

export interface Scope {
  brand: string;
  brands: string[];
  since: string;
  until: string;
  route: Route;
  /** The session may change things. */
  may_act: boolean;
}

export const ScopeContext = createContext<Scope | null>(null);

export const since_default = "28d";

type Query = Record<string, string | null | undefined>;

export function useScope() {
  const scope = useContext(ScopeContext);
  if (!scope) throw new Error("no scope above this component");
  /** A link that keeps brand and period unless `query` says otherwise. */
  const link = (view: string, id = "", query: Query = {}) =>
    href_of(view, id, { brand: scope.brand, since: scope.since, until: scope.until, ...query });
  /** This view with parts of its query changed. */
  const here = (query: Query) => href_of(scope.route.view, scope.route.id, { ...scope.route.query, brand: scope.brand, ...query });
  return { ...scope, link, here };
}
