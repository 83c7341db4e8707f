// Pages for people who do not sit here: read them, print them, take them away.
import { useEffect, useState } from "preact/hooks";
import { act } from "../action";
import { get_text, path_of, type ApiError } from "../api";
import { as_api_error } from "../data";
import { with_origin } from "../links";
import { Select } from "../parts/bits";
import { save_text } from "../parts/save";
import { Problem } from "../parts/states";
import { go } from "../route";
import { useScope } from "../scope";

const kinds = [
  ["brief", "Brief", "Are we normal, what broke, what moved sentiment, what people say."],
  ["service", "Service report", "Who asked, who was answered and how soon, how stories went on."],
  ["content", "Content report", "What to write, what is asked more, what helped, who feels misled."],
  ["executive", "Executive page", "One page: where we stand, risks, wins, money with its assumptions, targets."],
  ["accuracy", "Accuracy", "How far to trust the verdicts, by people’s labels."],
] as const;
type KindName = (typeof kinds)[number][0];
const formats = [["html", "HTML", "text/html", "html"], ["markdown", "Markdown", "text/markdown", "md"], ["csv", "CSV", "text/csv", "csv"]] as const;
const lengths = [["", "Its usual period"], ["1", "1 day"], ["7", "7 days"], ["28", "28 days"], ["84", "84 days"]] as const;

/** On a terminal every number has a command below it; here the links of the page do that. */
const without_commands = (text: string) => text.replace(/^ {2,}earshot .*\n/gm, "");

export function ReportsView() {
  const { brand, route, here } = useScope();
  const kind = (kinds.find(([name]) => name === route.query.kind)?.[0] ?? "brief") as KindName;
  const days = route.query.days ?? "";
  const query = (format: string) => path_of(`reports/${kind}`, { brand, format, days, links: format === "text" ? "" : "dashboard" });
  const [text, set_text] = useState<string | null>(null);
  const [error, set_error] = useState<ApiError | null>(null);
  const preview = query("text");
  const load = () => {
    let alive = true;
    set_error(null);
    set_text(null);
    get_text(preview).then((t) => { if (alive) set_text(without_commands(t)); }, (problem: unknown) => { if (alive) set_error(as_api_error(problem)); });
    return () => { alive = false; };
  };
  useEffect(load, [preview]);
  const page = `api/v1/${query("html")}`;
  const print = () => {
    // The report has no script of its own: this page asks its window to print.
    const opened = open(page, "_blank");
    opened?.addEventListener("load", () => opened.print());
  };
  const download = async (format: (typeof formats)[number]) => {
    await act(async () => {
      const words = await get_text(query(format[0]));
      save_text(`${brand}-${kind}-${new Date().toISOString().slice(0, 10)}.${format[3]}`.toLowerCase(), format[2], with_origin(words, format[0], location.origin));
    }, "Saved to your downloads. Its numbers lead back here.");
  };
  const told = kinds.find(([name]) => name === kind);
  return (
    <>
      <h1>Reports</h1>
      <div class="filters">
        <Select label="Report" value={kind} options={kinds.map(([name, text]) => [name, text] as const)} change={(v) => go(here({ kind: v }))} />
        <Select label="Over" value={days} options={lengths} change={(v) => go(here({ days: v }))} />
      </div>
      <p class="faint">{told?.[2]}</p>
      <div class="buttons">
        <a class="button main" href={page} target="_blank" rel="noopener">Open<span class="unseen"> the report in a new tab</span></a>
        <button type="button" onClick={print}>Print</button>
        {formats.map((f) => <button key={f[0]} type="button" onClick={() => void download(f)}>Download {f[1]}</button>)}
      </div>
      {error && <Problem error={error} retry={load} />}
      {text === null && !error && <div class="ghost" role="status" aria-label="Loading"><span class="ghost-line" /><span class="ghost-line" /><span class="ghost-line" /></div>}
      {text !== null && <pre class="paper" tabIndex={0} role="region" aria-label="The report as text">{text}</pre>}
    </>
  );
}
