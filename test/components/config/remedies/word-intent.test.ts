import { expect } from "chai";
import * as fc from "fast-check";
import { distance } from "fastest-levenshtein";

import { locationIntent } from "../../../../components/project/locations";
import { wordIntent, type WordIntent } from "../../../../components/config/remedies/word-intent";
import { acceleratorNames, acceleratorOf, countsOf, machineTypesFor } from "../../../../gke/gpu-machines";
import { generalPurposeNames } from "../../../../gke/machine-types";
import { multiRegions, regions, zones } from "../../../../gke/zones";

/** A list of valid values, and the function that interprets an invalid one. */
interface Enumeration {
    readonly title: string;
    readonly words: readonly string[];
    readonly understand: (given: string, words: readonly string[]) => WordIntent;
}

const list = (title: string, words: readonly string[]): Enumeration => ({ title, words, understand: wordIntent });

const enumerations: readonly Enumeration[] = [
    { title: "regions", words: regions, understand: locationIntent },
    { title: "locations of a cluster", words: [...regions, ...zones], understand: locationIntent },
    { title: "locations of a registry", words: [...regions, ...multiRegions], understand: locationIntent },
    list("accelerators", acceleratorNames),
    list("machine types of system pools", generalPurposeNames),
    ...acceleratorNames.flatMap((name) => [
        list(`partitions of ${name}`, Object.keys(acceleratorOf(name).mig)),
        ...countsOf(name).map((count) => list(`machine types of ${count} × ${name}`, machineTypesFor(name, count))),
    ]),
    list("environments", ["sandbox", "dev", "staging", "prod"]),
    list("capacity", ["on-demand", "spot", "flex-start"]),
].filter(({ words }) => words.length > 0);

const CHARACTERS = Array.from("abcdefghijklmnopqrstuvwxyz0123456789-. ");

/** One typing error. */
const slips = fc.record({
    kind: fc.constantFrom("missing", "extra", "other", "swapped", "capitals", "separator"),
    at: fc.nat(40),
    by: fc.constantFrom(...CHARACTERS),
});

function slipped(word: string, { kind, at: place, by }: { readonly kind: string; readonly at: number; readonly by: string }): string {
    const at = word.length === 0 ? 0 : place % word.length;
    const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)];
    switch (kind) {
        case "missing":
            return before + after;
        case "extra":
            return before + by + letter + after;
        case "other":
            return before + by + after;
        case "swapped":
            return before + after.charAt(0) + letter + after.slice(1);
        case "capitals":
            return word.toUpperCase();
        default:
            return word.replaceAll("-", by);
    }
}

const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
const isSwapOf = (one: string, other: string): boolean => Array.from(one).sort().join("") === Array.from(other).sort().join("");

const dashed = (text: string): string =>
    text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "");

/** The edit distance of two words; a swap counts as one edit. */
const apart = (one: string, other: string): number => {
    const steps = distance(dashed(one), dashed(other));
    return steps === 2 && dashed(one).length === dashed(other).length && isSwapOf(dashed(one), dashed(other)) ? 1 : steps;
};

/** A name without the parts that every accelerator has, and without its size, which may be omitted. */
const short = (text: string): string => bare(text.toLowerCase().replaceAll(/nvidia|tesla|gpu/g, "")).replace(/(?<=[a-z0-9])\d\d\d?gb$/, "");

describe("the intended word", () => {
    const understood: readonly (readonly [given: string, words: readonly string[], intent: WordIntent])[] = [
        ["L4", acceleratorNames, { value: "nvidia-l4" }],
        ["t4", acceleratorNames, { value: "nvidia-tesla-t4" }],
        ["nvidia t4", acceleratorNames, { value: "nvidia-tesla-t4" }],
        ["p4", acceleratorNames, { value: "nvidia-tesla-p4" }],
        ["H200", acceleratorNames, { value: "nvidia-h200-141gb" }],
        ["h100-mega", acceleratorNames, { value: "nvidia-h100-mega-80gb" }],
        ["h100 80gb", acceleratorNames, { value: "nvidia-h100-80gb" }],
        ["rtxpro6000", acceleratorNames, { value: "nvidia-rtx-pro-6000" }],
        ["nvidai-l4", acceleratorNames, { value: "nvidia-l4" }],
        ["h100", acceleratorNames, { candidates: ["nvidia-h100-80gb", "nvidia-h100-mega-80gb"] }],
        ["a100", acceleratorNames, { candidates: ["nvidia-tesla-a100", "nvidia-a100-80gb"] }],
        ["a100-40gb", acceleratorNames, { candidates: ["nvidia-tesla-a100", "nvidia-a100-80gb"] }],
        ["rtx 6000", acceleratorNames, { candidates: ["nvidia-rtx-pro-6000"] }],
        ["k4", acceleratorNames, { candidates: acceleratorNames }],
        ["g4", acceleratorNames, { candidates: acceleratorNames }],
        ["nvidia-h10-80gb", acceleratorNames, { candidates: acceleratorNames }],
        ["nvidia", acceleratorNames, { candidates: acceleratorNames }],
        ["x".repeat(101), acceleratorNames, { candidates: acceleratorNames }],
        ["spott", ["on-demand", "spot"], { value: "spot" }],
        ["sopt", ["on-demand", "spot"], { value: "spot" }],
        ["spo", ["on-demand", "spot"], { value: "spot" }],
        ["sp0t", ["on-demand", "spot"], { candidates: ["on-demand", "spot"] }],
        ["gpus", ["cpu", "gpu"], { value: "gpu" }],
        ["xpu", ["cpu", "gpu"], { candidates: ["cpu", "gpu"] }],
        ["gp", ["cpu", "gpu"], { candidates: ["cpu", "gpu"] }],
        ["1G10GB", ["1g.10gb", "2g.20gb"], { value: "1g.10gb" }],
        ["1g.5gb", ["1g.10gb", "2g.20gb"], { candidates: ["1g.10gb"] }],
        ["n2-standart-4", generalPurposeNames, { value: "n2-standard-4" }],
        ["", ["cpu", "gpu"], { candidates: ["cpu", "gpu"] }],
    ];
    for (const [given, words, intent] of understood) {
        it(`${given.slice(0, 20)}: ${JSON.stringify(intent).slice(0, 60)}`, () => {
            expect(wordIntent(given, words)).to.deep.equal(intent);
        });
    }

    it("is the meaning of an alias, if valid", () => {
        const aliases = { production: "prod", test: "qa" };
        expect(wordIntent("Production", ["dev", "prod"], { aliases })).to.deep.equal({ value: "prod" });
        expect(wordIntent("test", ["dev", "prod"], { aliases })).to.deep.equal({ candidates: ["dev", "prod"] });
        expect(wordIntent("constructor", ["dev", "prod"], { aliases })).to.deep.equal({ candidates: ["dev", "prod"] });
    });

    it("is listed with its family if the family is known", () => {
        expect(wordIntent("n9", ["n1", "n2", "e2"], { like: ["n1", "n2"] })).to.deep.equal({ candidates: ["n1", "n2"] });
    });

    for (const { title, words, understand } of enumerations) {
        it(`is never a value other than the misspelled one: ${title}`, () => {
            const property = fc.property(fc.constantFrom(...words), fc.array(slips, { minLength: 1, maxLength: 3 }), (word, made) => {
                const given = made.reduce(slipped, word);
                fc.pre(!words.includes(given));
                const intent = understand(given, words);
                if (!("value" in intent)) {
                    expect(intent.candidates).to.satisfy(
                        (all: readonly string[]) => all.length > 0 && all.every((one) => words.includes(one)),
                    );
                    return;
                }
                const { value } = intent;
                expect(words).to.include(value);
                if (
                    bare(value) === bare(given) ||
                    short(value) === short(given) ||
                    bare(value) === bare(given.replace(/[-_ ][a-z]$/i, ""))
                ) {
                    return;
                }
                expect(value.replaceAll(/\D/g, ""), given).to.equal(given.replaceAll(/\D/g, ""));
                expect(
                    words.filter((other) => apart(given, other) <= 1),
                    given,
                ).to.deep.equal([value]);
            });
            fc.assert(property, { numRuns: 200, seed: 12 });
        });
    }
});
