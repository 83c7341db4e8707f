// Widespread problems: the list.
import { path_of } from "../api";
import { useData, useNow } from "../data";
import { capital, day, plural, span, words } from "../format";
import { Ago, Columns } from "../parts/bits";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";
import type { Incident } from "../types";
export { IncidentView } from "./incident";

export function Severity({ value }: { value: number }) {
  const tone = value >= 7 ? "alarm" : value >= 4 ? "watch" : "calm";
  return <span class={`severity ${tone}`}><span class="unseen">Severity </span>{value}<span class="unseen"> of 10</span></span>;
}

export function IncidentsView() {
  const { brand, link } = useScope();
  const now = useNow();
  const found = useData<{ incidents: Incident[] }>(path_of("incidents", { brand }), ["findings", "acted"]);
  return (
    <>
      <h1>Incidents</h1>
      <p class="faint">Far more people than usual with the same trouble within an hour, in the last 90 days.</p>
      <Show of={found} lines={5}>{({ incidents }) => incidents.length === 0
        ? <Empty>None. One appears within the hour in which the number of people with trouble passes its threshold; nothing is unusual before two days were heard.</Empty>
        : <ul class="rows">{incidents.map((i) => (
            <li key={i.id} class="row">
              <Severity value={i.severity} />
              <div class="row-main">
                <h2><a href={link("incident", i.id)}>{capital(words(i.title))}</a></h2>
                <p class="faint small">
                  <span class={`tag ${i.state === "open" ? "negative" : "unscored"}`}>{i.state}</span>
                  {day(i.started_at)}, <Ago at={i.started_at} now={now} />, lasted {span((Date.parse(i.last_at) - Date.parse(i.started_at)) / 1000)}.{" "}
                  <a href={link("mentions", "", { incident: i.id })}>{plural(i.authors, "person", "people")}</a>, {plural(i.mentions, "mention")}{i.echoes > 0 && `, ${plural(i.echoes, "copy", "copies")}`}.{" "}
                  {i.owner ? <>Owner: <bdi>{i.owner}</bdi></> : "No owner"}{i.acknowledged_at && ", acknowledged"}
                </p>
                {(i.details.issues ?? []).length > 0 && <p class="small">{(i.details.issues ?? []).slice(0, 5).map((n) => <span key={n} class="chip">{words(n)}</span>)}</p>}
              </div>
              {i.details.hours && <Columns values={i.details.hours.map((h) => h.authors)} label={`People per hour: ${i.details.hours.map((h) => h.authors).join(", ")}`} />}
            </li>
          ))}</ul>}
      </Show>
    </>
  );
}
