// A series over time on uPlot: the line, the band of what is usual, and marks where something was.
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { moment, day } from "../format";
import { useTheme } from "../theme";

export interface Mark { from: number; to: number; text: string; href: string }
export interface ChartData {
  /** ms, UTC */
  at: number[];
  value: (number | null)[];
  expected: (number | null)[];
  spread: (number | null)[];
  gap: boolean[];
}

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

interface Props {
  data: ChartData;
  step: "hour" | "day";
  unit: string;
  text: (value: number | null) => string;
  label: string;
  marks?: Mark[];
  /** Where a click on a point leads. */
  href?: (at: number) => string;
  signed?: boolean;
  tone?: string;
}

function build(props: Props, width: number, height: number, show: (index: number | null) => void): uPlot {
  const { data, step, marks = [], signed = false, tone = "--accent" } = props;
  const seconds = data.at.map((at) => at / 1000);
  const edge = (sign: number) => data.expected.map((e, i) => {
    const spread = data.spread[i];
    if (e === null || spread === null || spread === undefined) return null;
    return signed ? Math.max(-1, Math.min(1, e + sign * spread)) : Math.max(0, e + sign * spread);
  });
  const faint = colour("--faint");
  const axis: uPlot.Axis = {
    stroke: faint, grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  const back = (u: uPlot) => {
    const { ctx } = u;
    ctx.save();
    const stretch = (from: number, to: number, fill: string, least: number) => {
      const x = u.valToPos(from / 1000, "x", true);
      const w = Math.max(least * devicePixelRatio, u.valToPos(to / 1000, "x", true) - x);
      ctx.fillStyle = fill;
      ctx.fillRect(x, u.bbox.top, w, u.bbox.height);
    };
    const long = step === "hour" ? 3_600_000 : 86_400_000;
    data.gap.forEach((gap, i) => { if (gap) stretch((data.at[i] ?? 0) - long / 2, (data.at[i] ?? 0) + long / 2, colour("--gap"), 1); });
    for (const mark of marks) stretch(mark.from, mark.to, colour("--mark"), 4);
    ctx.restore();
  };
  const clicked = (u: uPlot) => {
    const index = u.cursor.idx;
    const at = index === null || index === undefined ? undefined : data.at[index];
    if (at !== undefined && props.href) location.hash = props.href(at);
  };
  return new uPlot(
    {
      width, height,
      tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), "UTC"),
      padding: [12, 26, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7, fill: colour(tone) } },
      scales: { y: { range: (_u, low, high) => signed ? [Math.min(-0.2, low - 0.05), Math.max(0.2, high + 0.05)] : [0, Math.max(4, high * 1.08)] } },
      axes: [
        { ...axis, grid: { show: false }, space: 56, values: [
          [86400, "{D} {MMM}", null, null, null, null, null, null, 1],
          [3600, "{HH}:{mm}", "\n{D} {MMM}", null, "\n{D} {MMM}", null, null, null, 1],
        ] },
        { ...axis, size: 44, space: 34, values: (_u, ticks) => ticks.map((t) => (signed ? props.text(t) : String(t))) },
      ],
      series: [
        {},
        { points: { show: false }, stroke: "transparent" },
        { points: { show: false }, stroke: "transparent" },
        { points: { show: false }, stroke: faint, width: 1.2, dash: [4, 4] },
        { points: { show: data.at.length < 10 }, stroke: colour(tone), width: 2, spanGaps: false },
      ],
      bands: [{ series: [1, 2], fill: colour("--band") }],
      hooks: {
        drawClear: [back],
        setCursor: [(u) => show(u.cursor.idx ?? null)],
        ready: [(u) => { if (props.href) u.over.addEventListener("click", () => clicked(u)); }],
      },
    },
    [seconds, edge(1), edge(-1), data.expected, data.value] as uPlot.AlignedData,
    undefined as unknown as HTMLElement,
  );
}

export function Chart(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [index, show] = useState<number | null>(null);
  const theme = useTheme();
  const { data, step, unit, text, label } = props;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const height = () => (element.clientWidth < 520 ? 170 : 210);
    const plot = build(props, Math.max(200, element.clientWidth), height(), show);
    element.replaceChildren(plot.root);
    const resize = new ResizeObserver(() => plot.setSize({ width: Math.max(200, element.clientWidth), height: height() }));
    resize.observe(element);
    return () => { resize.disconnect(); plot.destroy(); };
  }, [data, theme, props.marks]);

  const at = index === null ? undefined : data.at[index];
  const when = (ms: number) => (step === "day" ? day(ms) : moment(ms));
  const says = (i: number) => {
    const expected = data.expected[i] ?? null;
    const usual = expected === null ? "" : `, usually ${text(expected)} ± ${text(data.spread[i] ?? null).replace("+", "")}`;
    return `${text(data.value[i] ?? null)} ${unit}${usual}${data.gap[i] ? ", not all was heard" : ""}`;
  };
  return (
    <div class="chart">
      <div ref={box} class={props.href ? "chart-box clicks" : "chart-box"} role="img" aria-label={label} />
      <p class="chart-says" aria-hidden="true">
        {at !== undefined && index !== null ? <><b>{when(at)}</b> {says(index)}</> : <span class="faint">{label}</span>}
      </p>
      <details class="chart-table">
        <summary>As a table</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label={`${label}, as a table`}>
          <table>
            <thead><tr><th scope="col">{step === "day" ? "Day (UTC)" : "Hour"}</th><th scope="col">{unit}</th></tr></thead>
            <tbody>
              {data.at.map((ms, i) => (
                <tr key={ms}>
                  <th scope="row">{props.href ? <a href={props.href(ms)}>{when(ms)}</a> : when(ms)}</th>
                  <td>{says(i)}</td>
                </tr>
              )).reverse()}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  );
}
