import { regions } from "../../gke/zones";

/** Google's areas, and how else people and other clouds begin the names of theirs. */
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

/** The region that was meant, when it is written in another way, or with the letter of a zone. */
export const meantRegion = (given: string): string | undefined =>
    given.length > 100
        ? undefined
        : regions.find((region) => bare(region) === bare(given) || bare(region) === bare(given.replace(/[-_][a-z]$/i, "")));

const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");

/** The regions in the area that a name is about, and in its direction where it names one; all regions where it is about no area. */
export function regionsNear(given: string): readonly string[] {
    const name = given.slice(0, 100).toLowerCase();
    const area = AREAS.find(([, beginning]) => beginning.test(name))?.[0];
    const inArea = regions.filter((region) => region.startsWith(`${area}-`));
    const direction = name.match(DIRECTIONS)?.join("");
    const inDirection = inArea.filter((region) => region.match(DIRECTIONS)?.join("") === direction);
    return inDirection.length > 0 ? inDirection : inArea.length > 0 ? inArea : regions;
}
