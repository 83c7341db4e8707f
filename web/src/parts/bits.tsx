// Small pieces that every view uses.
import type { ComponentChildren } from "preact";
import { capital, clock, day, deviation, moment, relative, signed, usually, words, type Kind } from "../format";
import type { Polarity, Usual } from "../types";

export function Card({ title, id, aside, children, class: name = "" }: {
  title: string; id: string; aside?: ComponentChildren; children: ComponentChildren; class?: string;
}) {
  return (
    <section class={`card ${name}`} aria-labelledby={`${id}-title`}>
      <header class="card-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside && <div class="card-aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}

export function Ago({ at, now }: { at: string; now: number }) {
  return <time dateTime={at} title={moment(at)}>{relative(at, now)}</time>;
}
export function When({ at }: { at: string }) {
  return <time dateTime={at}>{day(at)}, {clock(at)} UTC</time>;
}

export function PolarityTag({ polarity, score }: { polarity: Polarity; score?: number }) {
  return (
    <span class={`tag ${polarity}`}>
      {polarity}{score !== undefined && polarity !== "unscored" ? ` ${signed(score)}` : ""}
    </span>
  );
}

/** Where a value stands against what is usual: the band is usual ± spread, the mark is now. */
export function Gauge({ usual }: { usual: Usual }) {
  if (usual.value === null || usual.z === null || usual.weeks < 3) return <svg class="gauge" viewBox="0 0 120 12" aria-hidden="true" />;
  const place = (z: number) => 60 + Math.max(-4, Math.min(4, z)) * 13;
  const tone = deviation(usual, "count").tone;
  return (
    <svg class="gauge" viewBox="0 0 120 12" aria-hidden="true">
      <line x1="4" x2="116" y1="6" y2="6" class="gauge-line" />
      <rect x={place(-1)} y="2" width={place(1) - place(-1)} height="8" rx="4" class="gauge-band" />
      <circle cx={place(usual.z)} cy="6" r="4.5" class={`gauge-mark ${tone}`} />
    </svg>
  );
}

export function Deviates({ usual, kind }: { usual: Usual; kind: Kind }) {
  const { text, tone } = deviation(usual, kind);
  return <span class={`deviates ${tone}`} title={usually(usual, kind)}>{text}</span>;
}

/** A part of a whole as a bar; the text beside it says the number. */
export function Bar({ share, tone = "" }: { share: number; tone?: string }) {
  const width = Math.max(0, Math.min(1, share)) * 100;
  return (
    <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="6" class="bar-back" />
      <rect width={width} height="6" class={`bar-part ${tone}`} />
    </svg>
  );
}

/** Little columns, oldest first; `label` says for ears what they show. */
export function Columns({ values, label, titles }: { values: number[]; label: string; titles?: string[] }) {
  const most = Math.max(1, ...values);
  const step = 100 / Math.max(1, values.length);
  return (
    <svg class="columns" viewBox="0 0 100 32" preserveAspectRatio="none" role="img" aria-label={label}>
      {values.map((value, i) => {
        const height = value === 0 ? 1 : Math.max(2, (value / most) * 32);
        return (
          <rect key={i} x={i * step + step * 0.1} y={32 - height} width={step * 0.8} height={height}>
            {titles?.[i] && <title>{titles[i]}</title>}
          </rect>
        );
      })}
    </svg>
  );
}

export function Issue({ name }: { name: string }) {
  return <span class="chip">{words(name)}</span>;
}

export function Select<T extends string>({ label, value, options, change, any }: {
  label: string; value: string; options: readonly T[] | readonly (readonly [T, string])[]; change: (value: string) => void; any?: string;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <select value={value} onChange={(e) => change(e.currentTarget.value)}>
        {any !== undefined && <option value="">{any}</option>}
        {options.map((option) => {
          const [name, text] = typeof option === "string" ? [option, capital(words(option))] : option;
          return <option key={name} value={name}>{text}</option>;
        })}
      </select>
    </label>
  );
}

/** An outside address may lead anywhere; only http and https are links at all. */
export function outside(url: string): string | null {
  try {
    const parsed = new URL(url);
    return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed.href : null;
  } catch {
    return null;
  }
}
export function Outside({ url, children }: { url: string; children: ComponentChildren }) {
  const href = outside(url);
  if (!href) return <>{children}</>;
  return <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">{children}<span class="unseen"> (opens the platform)</span></a>;
}

