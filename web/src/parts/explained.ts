// The evidence of a mention is an answer of its own: fetched when it comes into sight, a few at a time, and kept.
import { useEffect, useRef, useState } from "preact/hooks";
import { get, path_of } from "../api";
import type { Evidence, ExplainedMention } from "../types";

const known = new Map<string, Evidence[]>();
const waiting: (() => Promise<void>)[] = [];
let running = 0;
const at_once = 4;
const known_max = 500;

function pump(): void {
  while (running < at_once) {
    const next = waiting.shift();
    if (!next) return;
    running++;
    void next().finally(() => { running--; pump(); });
  }
}

/** Evidence by brand and mention; empty until it is there. Give the element to `ref`. */
export function useEvidence(id: string, brand: string, version: number) {
  const key = `${id} ${brand} ${version}`;
  const [evidence, set] = useState<Evidence[]>(known.get(key) ?? []);
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const have = known.get(key);
    set(have ?? []);
    if (have || !ref.current) return;
    let alive = true;
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some((e) => e.isIntersecting)) return;
      watch.disconnect();
      waiting.push(async () => {
        if (!alive) return;
        try {
          const found = await get<ExplainedMention>(path_of(`mentions/${id}`, { brand }));
          const verdict = found.verdicts.find((v) => v.brand === brand) ?? found.verdicts[0];
          if (known.size > known_max) known.clear();
          known.set(key, verdict?.evidence ?? []);
          if (alive) set(known.get(key) ?? []);
        } catch {
          // The text stands without marks; its own page says what went wrong.
        }
      });
      pump();
    });
    watch.observe(ref.current);
    return () => { alive = false; watch.disconnect(); };
  }, [key]);
  return { evidence, ref };
}
