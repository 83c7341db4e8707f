// A mention in one or two lines, inside a story of several.
import type { ComponentChildren } from "preact";
import { useData } from "../data";
import { path_of } from "../api";
import { useScope } from "../scope";
import type { Mention } from "../types";
import { When } from "./bits";

export function Step({ name, mention, none = "–" }: { name: ComponentChildren; mention: Mention | null | undefined; none?: string }) {
  const { link } = useScope();
  return (
    <div class="step">
      <p class="small faint">{name}{mention && <>, <When at={mention.created_at} /></>}</p>
      {mention
        ? <p dir="auto" class="step-text"><a href={link("mention", mention.id)}>{mention.deleted ? "(deleted)" : (mention.title || mention.text).slice(0, 220) || "(no words)"}</a></p>
        : <p class="faint">{none}</p>}
    </div>
  );
}

const ids_max = 200;

/** Many mentions by their ids at once; those that have gone are missing. */
export function useMentions(ids: string[]): Map<string, Mention> {
  const { brand } = useScope();
  const wanted = [...new Set(ids)].slice(0, ids_max);
  const page = useData<{ mentions: Mention[] }>(wanted.length > 0 ? path_of("mentions", { ids: wanted.join(), brand }) : null);
  return new Map((page.data?.mentions ?? []).map((m) => [m.id, m]));
}
