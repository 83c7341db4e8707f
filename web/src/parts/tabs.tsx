// Views that belong together: one tab of the head, several pages below it.
import { useScope } from "../scope";

/** The head's tab, its words, and its pages; the first page is where the tab leads. */
export const groups = [
  ["overview", "Overview", []],
  ["mentions", "Mentions", []],
  ["incidents", "Incidents", []],
  ["queue", "Service", [["queue", "Waiting"], ["praise", "Praise"], ["promises", "Promises"], ["replies", "Our replies"]]],
  ["ideas", "Content", [["ideas", "Board"], ["movers", "Risers and fallers"], ["faq", "FAQ"]]],
  ["misled", "Misled", [["misled", "Who feels misled"], ["campaigns", "Campaigns and claims"]]],
  ["people", "People", [["people", "Who they are"], ["moves", "How they move"], ["signals", "What they tell"], ["stories", "Stories and money"]]],
  ["drivers", "Drivers", [["drivers", "What moved sentiment"], ["benchmark", "Beside others"], ["usual", "What is usual"], ["kpis", "Targets"]]],
  ["reports", "Reports", []],
  ["sources", "Sources", []],
  ["review", "Review", []],
] as const;

const single: Record<string, string> = { mention: "mentions", incident: "incidents", idea: "ideas" };

/** The head's tab that a view stands under; of an unknown view nothing. */
export function group_of(view: string): string | undefined {
  return single[view] ?? groups.find(([name, , pages]) => name === view || pages.some(([page]) => page === view))?.[0];
}

export function Tabs() {
  const { route, link } = useScope();
  const pages = groups.find(([name]) => name === group_of(route.view))?.[2] ?? [];
  const here = single[route.view] ?? route.view;
  if (pages.length === 0) return null;
  return (
    <nav class="tabs" aria-label="Pages of this view">
      <ul>{pages.map(([page, text]) => <li key={page}><a href={link(page)} aria-current={here === page ? "page" : undefined}>{text}</a></li>)}</ul>
    </nav>
  );
}
