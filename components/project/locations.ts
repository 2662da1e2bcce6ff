import { awsNamesakes, regionOf, zonesOf } from "../../gke/zones";
import { wordIntent, type WordIntent } from "../config/remedies/word-intent";

/** Google's areas, and other prefixes that people and other clouds use for them. */
const AREAS: readonly (readonly [area: string, beginning: RegExp])[] = [
    ["africa", /^af|africa/],
    ["australia", /^au|australia|^ap-southeast-[246]/],
    ["asia", /^ap|asia|japan|korea|india/],
    ["europe", /^eu|europe|^uk|france|germany|norway|sweden|switzerland|italy|poland/],
    ["me", /^me-|^il-|^uae|qatar|israel/],
    ["northamerica", /^ca-|canada|^northamerica|mexico|^mx/],
    ["southamerica", /^sa-|^southamerica|brazil|chile/],
    ["us", /^us|us\d*$/],
];

const DIRECTIONS = /north|south|east|west|central/g;

/** Maximum length of a name that is compared with locations. */
const LONGEST = 100;

/**
 * The intended location among the valid ones, or those nearby. A zone means its region if only regions are valid. A name of another cloud is never read as
 * Google's.
 */
export function locationIntent(given: string, valid: readonly string[]): WordIntent {
    const name = given.slice(0, LONGEST).trim().toLowerCase();
    const near = locationsNear(name, valid);
    if (awsNamesakes.some((other) => name.startsWith(other))) {
        return { candidates: near };
    }
    const intent = wordIntent(name, valid, { like: near });
    const ofZone = "value" in intent || !hasZone(name) || valid.some(hasZone) ? intent : wordIntent(withoutZone(name), valid);
    return "value" in ofZone ? ofZone : intent;
}

const ZONE = /[-_ ][a-z]$/;
const hasZone = (name: string): boolean => ZONE.test(name);
const withoutZone = (name: string): string => name.replace(ZONE, "");

/** The valid locations in the region of a zone, or else in the area that a name is about, and in its direction if it names one; all if it names no area. */
function locationsNear(name: string, valid: readonly string[]): readonly string[] {
    const siblings = zonesOf(regionOf(name)).filter((zone) => valid.includes(zone));
    const ofKind = valid.filter((location) => hasZone(location) === (hasZone(name) && valid.some(hasZone)));
    const area = AREAS.find(([, beginning]) => beginning.test(name))?.[0];
    const inArea = ofKind.filter((location) => location === area || location.startsWith(`${area}-`));
    const direction = directionOf(withoutZone(name));
    const inDirection = direction === "" ? [] : inArea.filter((location) => directionOf(withoutZone(location)) === direction);
    return [siblings, inDirection, inArea, ofKind].find(({ length }) => length > 0) ?? valid;
}

const directionOf = (name: string): string => (name.match(DIRECTIONS) ?? []).join("");
