// Volume and net sentiment over time, with what is usual as a band and incidents as marks.
import { useMemo } from "preact/hooks";
import { path_of } from "../api";
import { useData } from "../data";
import { decimal, number, signed, words } from "../format";
import { Card } from "../parts/bits";
import { Measured } from "../parts/measured";
import { Chart, type ChartData, type Mark } from "../parts/chart";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";
import type { Incident, Series } from "../types";

/** Hours for a week, days for anything longer. */
function step_for(since: string, until: string): "hour" | "day" {
  const relative = /^(\d+)([dh])$/.exec(since);
  if (relative) return Number(relative[1]) * (relative[2] === "d" ? 24 : 1) <= 7 * 24 ? "hour" : "day";
  const from = Date.parse(since);
  const to = until ? Date.parse(until) : Date.now();
  return to - from <= 8 * 86_400_000 ? "hour" : "day";
}

const step_ms = { hour: 3_600_000, day: 86_400_000 };

export function Charts() {
  const { brand, since, until, link } = useScope();
  const step = step_for(since, until);
  const path = (by: "hour" | "day") => path_of("series", { brand, since, until, step: by });
  const series = useData<Series>(path(step), ["stored", "findings"]);
  // Net sentiment of an hour with three mentions says nothing: it is drawn by the day at all times.
  const by_day = useData<Series>(step === "day" ? null : path("day"), ["stored", "findings"]);
  const feeling = step === "day" ? series : by_day;
  const f = feeling.data;
  const found = useData<{ incidents: Incident[] }>(path_of("incidents", { brand }), ["findings"]);
  const s = series.data;

  const volume = useMemo<ChartData | null>(() => s && { at: s.at, value: s.mentions, expected: s.expected, spread: s.spread, gap: s.gap }, [s]);
  const net = useMemo<ChartData | null>(
    () => f && { at: f.at, value: f.net_sentiment, expected: f.expected_net_sentiment, spread: f.spread_net_sentiment, gap: f.gap }, [f]);
  // A point stands for all that follows it until the next: a mark begins at the point its first report is part of.
  const marks_by = (by: "hour" | "day", first: number): Mark[] => {
    const size = step_ms[by];
    const point = (at: string) => Math.floor(Date.parse(at) / size) * size;
    return (found.data?.incidents ?? [])
      .map((i) => ({ from: point(i.started_at) - size / 5, to: point(i.last_at) + size / 5, text: words(i.title), href: link("incident", i.id) }))
      .filter((m) => m.to >= first);
  };
  const marks = useMemo(() => marks_by(step, s?.at[0] ?? 0), [found.data, s, step]);
  const day_marks = useMemo(() => marks_by("day", f?.at[0] ?? 0), [found.data, f]);

  const at_point = (by: "hour" | "day") => (at: number) =>
    link("mentions", "", { since: new Date(at).toISOString(), until: new Date(at + step_ms[by]).toISOString() });
  const legend = (
    <p class="legend small faint">
      <span class="key band" /> usual range <span class="key mark" /> incident <span class="key gap" /> not all heard
    </p>
  );
  return (
    <div class="two">
      <Card id="volume" title="Volume" aside={legend}>
        <Show of={series} lines={6}>{() => volume && volume.at.length > 0
          ? <Chart data={volume} step={step} unit="mentions" text={(v) => (v === null ? "–" : v < 10 ? decimal(v, 1) : number(v))} marks={marks}
              label={`Mentions per ${step}. Choose a point for its mentions`} href={at_point(step)} />
          : <Empty>The line begins with the first mention.</Empty>}</Show>
        {marks.length > 0 && <ul class="marks small">{marks.map((m) => <li key={m.href}><a href={m.href}>Incident: {m.text}</a></li>)}</ul>}
      </Card>
      <Card id="net" title="Net sentiment" aside={legend}>
        <Show of={feeling} lines={6}>{() => net && net.at.length > 0
          ? <Chart data={net} step="day" unit="net sentiment" text={signed} marks={day_marks} signed tone="--accent-two"
              label={`Net sentiment per day. Choose a point for its mentions`} href={at_point("day")} />
          : <Empty>The line begins with the first scored mention.</Empty>}</Show>
        <Measured of="sentiment" />
      </Card>
    </div>
  );
}
