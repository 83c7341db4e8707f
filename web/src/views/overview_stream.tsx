// The newest mentions. New ones announce themselves and wait: the text under a reader's eyes never moves.
import { useEffect, useState } from "preact/hooks";
import { get, path_of } from "../api";
import { useNow } from "../data";
import { listen } from "../live";
import { plural } from "../format";
import { Card } from "../parts/bits";
import { Post } from "../parts/post";
import { Empty, Show } from "../parts/states";
import { useData } from "../data";
import { useScope } from "../scope";
import type { MentionPage } from "../types";

/** How many of `path`'s mentions are newer than `top`, asked again when something was stored. */
export function useNewer(path: string, top: string | undefined): number {
  const [count, set] = useState(0);
  useEffect(() => {
    set(0);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      timer = undefined;
      try {
        const page = await get<MentionPage>(path);
        const at = page.mentions.findIndex((m) => m.id === top);
        set(at < 0 ? page.mentions.length : at);
      } catch {
        // The list itself shows what is wrong as soon as it is read again.
      }
    };
    const stop = listen((kind) => { if (kind === "stored" && !document.hidden) timer ??= setTimeout(() => void look(), 1500); });
    return () => { stop(); clearTimeout(timer); };
  }, [path, top]);
  return count;
}

export function Stream() {
  const { brand, link } = useScope();
  const now = useNow();
  const path = path_of("mentions", { brand, limit: 8 });
  const page = useData<MentionPage>(path);
  const newer = useNewer(path, page.data?.mentions[0]?.id);
  return (
    <Card id="stream" title="Right now" aside={<a href={link("mentions")}>All mentions</a>}>
      <div role="status">
        {newer > 0 && <button type="button" class="pill" onClick={page.reload}>Show {plural(newer, "new mention")}</button>}
      </div>
      <Show of={page} lines={6}>{({ mentions }) => mentions.length === 0
        ? <Empty>Nothing yet. Mentions appear here seconds after a source was polled.</Empty>
        : <div class="posts">{mentions.map((m) => <Post key={m.id} mention={m} now={now} />)}</div>}
      </Show>
    </Card>
  );
}
