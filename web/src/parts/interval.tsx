// A value with its 95 % interval on one scale for a whole table: the bar is the interval, the mark the value.
interface Props {
  value: number; low: number; high: number; least: number; most: number;
  /** Which side of 0 is clear of chance is told by colour; a share has no sides, it is filled up to its value. */
  sided?: boolean;
}

export function Interval({ value, low, high, least, most, sided = true }: Props) {
  const wide = Math.max(most - least, 1e-9);
  const x = (at: number) => 2 + (Math.max(0, Math.min(1, (at - least) / wide))) * 116;
  const tone = !sided ? "share" : low > 0 ? "positive" : high < 0 ? "negative" : "";
  return (
    <svg class="interval" viewBox="0 0 120 14" preserveAspectRatio="none" aria-hidden="true">
      {!sided && <><rect x="2" width="116" y="5" height="4" class="bar-back" /><rect x="2" width={x(value) - 2} y="5" height="4" class="bar-part" /></>}
      {sided && least < 0 && most > 0 && <line x1={x(0)} x2={x(0)} y1="0" y2="14" class="interval-zero" />}
      <rect x={x(low)} width={Math.max(0.6, x(high) - x(low))} y={sided ? 5 : 3} height={sided ? 4 : 8} class={`interval-bar ${tone}`} />
      <rect x={x(value) - 0.6} width="1.2" y="1" height="12" class={`interval-mark ${tone}`} />
    </svg>
  );
}
