const TONES = {
    ok: [[880, 0.09]],
    done: [[880, 0.09], [1320, 0.14]],
    warn: [[660, 0.12], [660, 0.12]],
    error: [[220, 0.18], [180, 0.3]],
};

let audio;

/**
 * Sound for hands and eyes that are busy; the screen says the same.
 *
 * @param {"ok"|"done"|"warn"|"error"} tone
 */
export function beep(tone) {
    try {
        audio ||= new AudioContext();
    } catch {
        return; // no sound on this machine
    }
    let at = audio.currentTime;
    for (const [frequency, seconds] of TONES[tone]) {
        const source = audio.createOscillator();
        const gain = audio.createGain();
        gain.gain.value = 0.08;
        source.frequency.value = frequency;
        source.connect(gain).connect(audio.destination);
        source.start(at);
        source.stop((at += seconds));
    }
}
