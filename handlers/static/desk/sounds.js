// The sounds of the desk. Those of a danger are laid down in advance: a tab in the background runs its clocks seldom.

const EVERY_S = 5, AHEAD_S = 70;
const TONES = { danger: [[880, 0.25], [660, 0.25], [880, 0.25]], queue: [[523, 0.12], [659, 0.12]], own: [[784, 0.12]] };
const LOUD = { off: 0, low: 0.08, loud: 0.3 };
let audio = null, laid = [], next = 0;

export const on = () => audio?.state === "running";

/** A browser lets a page be heard only once somebody has pressed something. */
export async function unlock() {
  audio = audio || new AudioContext();
  await audio.resume();
  return on();
}

/** "danger", "queue" or "own"; danger is loud whatever was chosen. */
export function play(what, volume) {
  if (on()) sound(what, volume, audio.currentTime);
}

function sound(what, volume, start) {
  const loud = what === "danger" ? LOUD.loud : LOUD[volume] ?? LOUD.low;
  let at = start;
  return TONES[what].map(([pitch, length]) => {
    const tone = audio.createOscillator(), gain = audio.createGain();
    tone.frequency.value = pitch;
    gain.gain.value = loud;
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + length);
    at += length + 0.05;
    return tone;
  });
}

/** Ring every five seconds until `quiet`; to be called again within a minute. */
export function ring() {
  if (!on()) return;
  next = Math.max(next, audio.currentTime);
  laid = laid.filter((one) => one.end > audio.currentTime);
  for (; next < audio.currentTime + AHEAD_S; next += EVERY_S) {
    for (const tone of sound("danger", "loud", next)) laid.push({ tone, end: next + EVERY_S });
  }
}

export function quiet() {
  for (const { tone } of laid) tone.stop();
  laid = [];
  next = 0;
}
