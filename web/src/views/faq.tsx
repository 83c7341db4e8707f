// The questions asked most with their best public answers, to look over and to take away.
import { useEffect, useState } from "preact/hooks";
import { get_text, path_of, type ApiError } from "../api";
import { as_api_error } from "../data";
import { Select } from "../parts/bits";
import { save_text } from "../parts/save";
import { Problem } from "../parts/states";
import { go } from "../route";
import { useScope } from "../scope";

const formats = [["markdown", "Markdown"], ["jsonld", "schema.org (JSON-LD)"]] as const;

export function FaqView() {
  const { brand, route, here } = useScope();
  const format = route.query.format === "jsonld" ? "jsonld" : "markdown";
  const path = path_of("faq", { brand, format, limit: 20 });
  const [text, set_text] = useState<string | null>(null);
  const [error, set_error] = useState<ApiError | null>(null);
  const load = () => {
    set_error(null);
    set_text(null);
    get_text(path).then(set_text, (problem: unknown) => set_error(as_api_error(problem)));
  };
  useEffect(load, [path]);
  return (
    <>
      <h1>Questions and answers</h1>
      <p class="faint">Questions asked most, with the best answer that stands in public: yours first, else one that the asker gave thanks for. Where there is none it says so; none is made up.</p>
      <div class="filters">
        <Select label="Form" value={format} options={formats} change={(v) => go(here({ format: v }))} />
        <button type="button" class="main" disabled={text === null} onClick={() => save_text(`${brand.toLowerCase()}-faq.${format === "jsonld" ? "json" : "md"}`, format === "jsonld" ? "application/ld+json" : "text/markdown", text ?? "")}>Download</button>
      </div>
      {error && <Problem error={error} retry={load} />}
      {text === null && !error && <div class="ghost" role="status" aria-label="Loading"><span class="ghost-line" /><span class="ghost-line" /></div>}
      {text !== null && <pre class="paper" tabIndex={0} role="region" aria-label="The FAQ" dir="auto">{text}</pre>}
    </>
  );
}
