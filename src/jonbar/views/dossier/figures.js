// Numbers as people should read them, by the same rules as views/rounding.py; and draws weighed anew, as in weighing/held.py.
"use strict";
const Figures = (() => {
  const chance = (value, error = 0) => {
    const percent = 100 * value;
    if (percent < 0.5) return "<1%";
    if (percent > 99.5) return ">99%";
    const step = error > 0.05 ? 10 : error > 0.01 ? 5 : 1;
    return `${Math.min(99, Math.max(1, step * even(percent / step)))}%`;
  };
  const even = (value) => { // halves go to the even neighbour, as Python rounds
    const floor = Math.floor(value), off = value - floor;
    return off < 0.5 ? floor : off > 0.5 ? floor + 1 : floor % 2 ? floor + 1 : floor;
  };
  const step = (value, low, high, error) => {
    const size = Math.max(Math.abs(value), (high - low) / 2), width = high - low;
    if (size === 0 || !Number.isFinite(size) || !Number.isFinite(low) || !Number.isFinite(high)) return 1;
    let found = 10 ** (Math.floor(Math.log10(size)) - 1);
    if (width > 0 && width < 5 * found) found = Math.min(found, 10 ** Math.floor(Math.log10(width / 5)));
    return error > 0 ? Math.max(found, 10 ** Math.ceil(Math.log10(error))) : found;
  };
  const number = (value, by) => {
    if (!Number.isFinite(value)) return "unknown";
    const decimals = Math.max(0, -Math.floor(Math.log10(by) + 1e-9)), rounded = even(value / by) * by;
    const text = rounded.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return rounded === 0 ? text.replace("-0", "0") : text;
  };
  const between = (low, high) => low === high ? low
    : `${low}${!low.startsWith("-") && !/^[>-]/.test(high) ? "–" : " to "}${high}`;
  const say = (unit, found) => {
    if (unit === "chance") {
      const ends = [found.low, found.high].map((each) => chance(each, found.error).replace("%", ""));
      return { value: chance(found.value, found.error), range: between(...ends) };
    }
    const by = step(found.value, found.low, found.high, found.error);
    return { value: number(found.value, by), range: between(number(found.low, by), number(found.high, by)) };
  };
  const quantile = (share, middle, values, order) => {
    let before = -1;
    for (let at = 0; at < order.length; at++) {
      if (middle[at] >= share) {
        if (before < 0) return values[order[at]];
        const part = (share - middle[before]) / (middle[at] - middle[before]);
        return values[order[before]] + part * (values[order[at]] - values[order[before]]);
      }
      before = at;
    }
    return values[order[order.length - 1]];
  };
  // The noise of tellings taken out of draws of a chance, as in query/clearing.py: the ends of the range, or null where draws are means.
  const PLACES = 80, LEVELS = 400, STEPS = 20, FLOOR = 0.001, MOST_TELLINGS = 400, SAME = 1.1;
  const chances = Float64Array.from({ length: PLACES + 1 }, (_, at) => Math.sin(at * Math.PI / 2 / PLACES) ** 2);
  const places = Array.from(chances.keys());
  const cleared = (shares, weights, value, spread, noise, asked) => {
    if (!(noise > 0 && spread > noise)) return null;
    const heaps = new Map();
    let within = 0;
    for (let at = 0; at < shares.length; at++) {
      const level = Math.round(shares[at] * LEVELS);
      heaps.set(level, (heaps.get(level) ?? 0) + weights[at]);
    }
    const levels = Float64Array.from(heaps.keys(), (each) => each / LEVELS), masses = Float64Array.from(heaps.values());
    levels.forEach((each, at) => { within += masses[at] * each * (1 - each); });
    if (1 + within / noise >= MOST_TELLINGS) return null;
    const tellings = SAME ** Math.round(Math.log(1 + within / noise) / Math.log(SAME)), kept = Math.sqrt((spread - noise) / spread);
    let behind = new Float64Array(PLACES + 1).fill(FLOOR / (PLACES + 1));
    levels.forEach((each, at) => {
      const guess = Math.min(1, Math.max(0, value + (each - value) * kept)), place = Math.asin(Math.sqrt(guess)) * 2 * PLACES / Math.PI;
      const below = Math.min(Math.floor(place), PLACES - 1), above = masses[at] * (place - below);
      behind[below] += (1 - FLOOR) * (masses[at] - above);
      behind[below + 1] += (1 - FLOOR) * above;
    });
    const likelihood = Array.from(levels, (each) => {
      const logs = chances.map((chance) => {
        const inside = Math.min(1 - 1e-3 / tellings, Math.max(1e-3 / tellings, chance));
        return tellings * (each * Math.log(inside) + (1 - each) * Math.log1p(-inside));
      });
      const most = Math.max(...logs);
      return logs.map((log) => Math.exp(log - most));
    });
    for (let step = 0; step < STEPS; step++) {
      const anew = new Float64Array(PLACES + 1);
      likelihood.forEach((row, at) => {
        let total = 0;
        for (let place = 0; place <= PLACES; place++) total += behind[place] * row[place];
        for (let place = 0; place <= PLACES; place++) anew[place] += masses[at] / total * behind[place] * row[place];
      });
      behind = anew;
    }
    const middle = new Float64Array(PLACES + 1);
    let sum = 0;
    behind.forEach((each, at) => { middle[at] = sum + each / 2; sum += each; });
    return asked.map((each) => quantile(each, middle, chances, places));
  };
  const weigh = (outcome, base, ratio) => {
    const { shares, order, noise, unit } = outcome, count = shares.length, weights = new Float64Array(count);
    let total = 0, value = 0, spread = 0, squared = 0, sampled = 0;
    for (let at = 0; at < count; at++) total += weights[at] = base[at] * ratio[at];
    for (let at = 0; at < count; at++) { weights[at] /= total; value += weights[at] * shares[at]; }
    for (let at = 0; at < count; at++) {
      const off = (shares[at] - value) ** 2;
      spread += weights[at] * off; squared += weights[at] ** 2; sampled += weights[at] ** 2 * off;
    }
    const kept = spread > 0 ? Math.sqrt(Math.max(0, spread - noise) / spread) : 0;
    const middle = new Float64Array(count);
    let sum = 0;
    for (let at = 0; at < count; at++) { const here = weights[order[at]]; middle[at] = sum + here / 2; sum += here; }
    const drawn = (each) => value + kept * (quantile(each, middle, shares, order) - value), asked = [0.05, 0.95];
    const [low, high] = (unit === "chance" ? cleared(shares, weights, value, spread, noise, asked) : null) ?? asked.map(drawn);
    const error = Math.sqrt(spread > noise ? sampled : squared * noise);
    return { value, low, high, error, effective: 1 / squared };
  };
  const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const unpack = (packed) => {
    const levels = new Uint16Array(bytes(packed.shares).buffer);
    const shares = Float64Array.from(levels, (each) => packed.least + packed.width * each / 65535);
    const order = Uint32Array.from(shares.keys()).sort((one, other) => shares[one] - shares[other]);
    return { unit: packed.unit, noise: packed.noise, weights: packed.weights, shares, order };
  };
  // How much more each draw counts, as a logarithm, for who sets a dial to one of its positions.
  const logRatio = (dial, place, narrower) => {
    if (dial.z) return Float64Array.from(dial.z, (each) => {
      const z = each / 24;
      return 0.5 * z * z - 0.5 * ((z - place) / narrower) ** 2;
    });
    return Float64Array.from(dial.true, (each, at) => {
      const credence = dial.credence[at] / 254;
      return Math.log(each ? place / credence : (1 - place) / (1 - credence));
    });
  };
  return { chance, number, step, say, weigh, bytes, unpack, logRatio };
})();
