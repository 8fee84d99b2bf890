export function OfficerPage({ checkpoint }: { checkpoint: string }) {
  return <main>{checkpoint}</main>;
}
