// Questions that are asked far more, or far less, than in the weeks before; and what published answers changed.
import { path_of } from "../api";
import { useData } from "../data";
import { capital, day, decimal, number, plural, ratio } from "../format";
import { Card, Columns, Outside } from "../parts/bits";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";
import type { Idea } from "../types";

export const effect_tone = (verdict: string) => (verdict === "fell" ? "positive" : verdict === "rose" ? "negative" : "unscored");

/** What moves clearly; where nothing does, the nearest, said to be no more than that. */
function Moving({ ideas, side, none }: { ideas: Idea[]; side: "rising" | "falling"; none: string }) {
  const clear = ideas.filter((i) => i.move?.direction === side);
  if (clear.length > 0) return <Moves ideas={clear} />;
  const far = (i: Idea) => (i.move?.ratio.value ?? 1) * (side === "rising" ? -1 : 1);
  const near = ideas.filter((i) => i.move && i.move.weeks_before >= 4 && i.move.before >= 5 && (side === "rising" ? -far(i) > 1.2 : far(i) < 0.8))
    .sort((a, b) => far(a) - far(b)).slice(0, 3);
  return (
    <>
      <Empty>{none}</Empty>
      {near.length > 0 && <><h3 class="faint">Nearest to it, and not clear of chance</h3><Moves ideas={near} /></>}
    </>
  );
}

function Moves({ ideas }: { ideas: Idea[] }) {
  const { link } = useScope();
  return (
    <ul class="stories">{ideas.map((i) => (
      <li key={i.id} class="story">
        <h3><a href={link("idea", i.id)} dir="auto">{capital(i.title)}</a></h3>
        {i.move && (
          <p class="small faint">
            <a href={link("mentions", "", { idea: i.id })}>{plural(i.move.week, "time")} this week</a>, {decimal(i.move.before / Math.max(1, i.move.weeks_before), 1)} a week in the {number(i.move.weeks_before)} before; {ratio(i.move.ratio)} times as often
          </p>
        )}
        {i.details.per_week && <Columns values={i.details.per_week} label={`Questions per week, oldest first: ${i.details.per_week.join(", ")}`} />}
      </li>
    ))}</ul>
  );
}

function Effects({ ideas }: { ideas: Idea[] }) {
  const { link } = useScope();
  if (ideas.length === 0) return <Empty>Nothing is published yet. Set an idea to “published” with its address; from that day on its question is counted against the weeks before.</Empty>;
  return (
    <ul class="stories">{ideas.map((i) => (
      <li key={i.id} class="story">
        <h3><a href={link("idea", i.id)} dir="auto">{capital(i.title)}</a> {i.effect && <span class={`tag ${effect_tone(i.effect.verdict)}`}>{i.effect.verdict}</span>}</h3>
        <p class="small">{i.url && <><Outside url={i.url}>{i.url}</Outside>. </>}{i.effect?.sentence ?? (i.published_at ? `Published ${day(i.published_at)}.` : "")}</p>
      </li>
    ))}</ul>
  );
}

export function MoversView() {
  const { brand } = useScope();
  const found = useData<{ ideas: Idea[] }>(path_of("ideas", { brand, limit: 200 }), ["findings", "acted"]);
  return (
    <>
      <h1>Risers and fallers</h1>
      <Show of={found} lines={8}>{({ ideas }) => (
        <>
          <div class="two">
            <Card id="rising" title="Asked more than before"><Moving ideas={ideas} side="rising" none="None. A question rises when it comes five times or more in a week, and clearly more often than before (99 % interval)." /></Card>
            <Card id="falling" title="Asked less than before"><Moving ideas={ideas} side="falling" none="None. A question that used to come five times a week falls when it comes clearly less often." /></Card>
          </div>
          <Card id="effects" title="Did what we published help?"><Effects ideas={ideas.filter((i) => i.state === "published")} /></Card>
        </>
      )}</Show>
    </>
  );
}
