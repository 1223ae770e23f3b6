/** Outline: as claimed. Fill: what is left as proved. Beyond the whole error budget the bar is full. */
export function RiskBar({ claimed, proved, label }: { claimed: number; proved: number; label: string }) {
  const width = (share: number) => `${Math.min(1, share) * 100}%`
  const tone = proved > 1 ? 'over' : proved > 0.25 ? 'high' : 'low'
  return (
    <span className="risk-bar" role="img" aria-label={label} title={label}>
      <span className={`risk-fill ${tone}`} style={{ width: width(proved) }} />
      <span className="risk-claimed" style={{ width: width(claimed) }} />
    </span>
  )
}
