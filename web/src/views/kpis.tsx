// The figures the company holds itself to.
import { path_of } from "../api";
import { useData } from "../data";
import type { Kpi } from "../findings";
import { decimal, percent, span, words } from "../format";
import { Card } from "../parts/bits";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";

/** Where the mentions or people behind a metric are listed; an own SELECT has none. */
const views: Record<string, [string, Record<string, string>]> = {
  volume: ["mentions", { counted: "true" }], authors: ["mentions", { counted: "true" }], net_sentiment: ["drivers", {}],
  negative_share: ["mentions", { polarity: "negative", counted: "true" }], negative_author_share: ["mentions", { polarity: "negative", counted: "true" }],
  share_of_voice: ["benchmark", {}], contacts: ["mentions", { contact: "true", counted: "true" }], answered_share: ["replies", {}],
  response_time: ["replies", {}], waiting: ["queue", {}], converted: ["stories", { outcome: "converted" }],
  converted_share: ["stories", {}], money_kept: ["stories", { outcome: "converted" }], money_at_risk: ["queue", {}],
  incidents: ["incidents", {}], gap_hours: ["sources", {}], accuracy: ["review", {}],
};

function shown(value: number, unit: string): string {
  if (unit === "seconds") return span(value);
  if (unit === "ratio") return percent(value, 1);
  return unit ? `${decimal(value)} ${unit}` : decimal(value);
}

export function KpisView() {
  const { brand, link } = useScope();
  const found = useData<{ kpis: Kpi[] }>(path_of("kpis", { brand }), ["findings"]);
  return (
    <>
      <h1>Targets</h1>
      <p class="faint">Figures that somebody has put their name to, each over its own stretch up to now. A figure leads to what it counts; how it is defined stands in the view v_metric of the database.</p>
      <Show of={found} lines={5}>{({ kpis }) => kpis.length === 0
        ? <Empty>No target is set. A <code>[[kpi]]</code> in the configuration names a figure, its target and who owns it.</Empty>
        : (
          <Card id="kpis" title="What we hold ourselves to">
            <div class="scroll" tabIndex={0} role="region" aria-label="Targets">
              <table>
                <thead><tr><th scope="col">Figure</th><th scope="col" class="num">Actual</th><th scope="col" class="num">Target</th><th scope="col">Met</th><th scope="col">Owner</th><th scope="col" class="num">Over</th></tr></thead>
                <tbody>{kpis.map((k) => {
                  const view = views[k.metric];
                  const value = k.actual === null ? "–" : shown(k.actual, k.unit);
                  return (
                    <tr key={k.name}>
                      <th scope="row"><bdi>{k.name}</bdi> <span class="faint small">{k.metric ? words(k.metric) : "own SELECT"}</span>{k.problem && <span class="small bad-text" dir="auto"> {k.problem}</span>}</th>
                      <td class="num">{view ? <a href={link(view[0], "", { since: `${k.days}d`, until: "", ...view[1] })}>{value}</a> : value}</td>
                      <td class="num">{k.target === null ? "–" : `${k.direction === "higher" ? "≥" : "≤"} ${shown(k.target, k.unit)}`}</td>
                      <td>{k.met === null ? <span class="faint">–</span> : <span class={`tag ${k.met ? "positive" : "negative"}`}>{k.met ? "met" : "missed"}</span>}</td>
                      <td><bdi>{k.owner || "–"}</bdi></td><td class="num">{k.days} d</td>
                    </tr>
                  );
                })}</tbody>
              </table>
            </div>
          </Card>
        )}</Show>
    </>
  );
}
