// Volume and net sentiment over time, with what is usual as a band and incidents as marks.
import { useMemo } from "preact/hooks";
import { path_of } from "../api";
import { useData } from "../data";
import { decimal, number, signed, words } from "../format";
import { Card } from "../parts/bits";
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
  const series = useData<Series>(path_of("series", { brand, since, until, step }), ["stored", "findings"]);
  const found = useData<{ incidents: Incident[] }>(path_of("incidents", { brand }), ["findings"]);
  const s = series.data;

  const volume = useMemo<ChartData | null>(() => s && { at: s.at, value: s.mentions, expected: s.expected, spread: s.spread, gap: s.gap }, [s]);
  const net = useMemo<ChartData | null>(
    () => s && { at: s.at, value: s.net_sentiment, expected: s.expected_net_sentiment, spread: s.spread_net_sentiment, gap: s.gap }, [s]);
  const marks = useMemo<Mark[]>(() => {
    const first = s?.at[0] ?? 0;
    const size = step_ms[step];
    const point = (at: string) => Math.floor(Date.parse(at) / size) * size;
    return (found.data?.incidents ?? [])
      // A point stands for all that follows it until the next: the mark begins at the point its first report is part of.
      .map((i) => ({ from: point(i.started_at) - size / 5, to: point(i.last_at) + size / 5, text: words(i.title), href: link("incident", i.id) }))
      .filter((m) => m.to >= first);
  }, [found.data, s, step]);

  const at_point = (extra: Record<string, string> = {}) => (at: number) =>
    link("mentions", "", { since: new Date(at).toISOString(), until: new Date(at + step_ms[step]).toISOString(), ...extra });
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
              label={`Mentions per ${step}. Choose a point for its mentions`} href={at_point()} />
          : <Empty>The line begins with the first mention.</Empty>}</Show>
        {marks.length > 0 && <ul class="marks small">{marks.map((m) => <li key={m.href}><a href={m.href}>Incident: {m.text}</a></li>)}</ul>}
      </Card>
      <Card id="net" title="Net sentiment" aside={legend}>
        <Show of={series} lines={6}>{() => net && net.at.length > 0
          ? <Chart data={net} step={step} unit="net sentiment" text={signed} marks={marks} signed tone="--accent-two"
              label={`Net sentiment per ${step}. Choose a point for its mentions`} href={at_point()} />
          : <Empty>The line begins with the first scored mention.</Empty>}</Show>
      </Card>
    </div>
  );
}
