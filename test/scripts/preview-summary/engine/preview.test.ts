import { expect } from "chai";
import * as fs from "node:fs";
import { CommandError } from "../../../../scripts/command-line/run";
import { parsePreview } from "../../../../scripts/preview-summary/engine/preview";
import { summary } from "../../../../scripts/preview-summary/summary";
import { expectedFile, previewFile } from "../recorded";

const SCENARIO = "gpu-pool-replaced";
const recorded = fs.readFileSync(previewFile(SCENARIO), "utf8");
const expected = fs.readFileSync(expectedFile(SCENARIO), "utf8");

/** The recorded preview as the engine streams it. */
function streamed(): string[] {
    const { config, steps, diagnostics, changeSummary } = JSON.parse(recorded) as {
        config: object;
        steps: {
            op: string;
            urn: string;
            oldState?: object;
            newState?: object;
            replaceReasons?: string[];
            detailedDiff?: Record<string, { kind: string }>;
        }[];
        diagnostics: object[];
        changeSummary: object;
    };
    const events = [
        { preludeEvent: { config } },
        { stdoutEvent: { message: "@ previewing update....", color: "never" } },
        { diagnosticEvent: { message: "<{%fg 3%}>waiting<{%reset%}>", severity: "info#err", ephemeral: true } },
        ...steps.map(({ op, urn, oldState, newState, replaceReasons, detailedDiff = {} }) => ({
            resourcePreEvent: {
                planning: true,
                metadata: {
                    op,
                    urn,
                    old: oldState ?? null,
                    new: newState ?? null,
                    keys: replaceReasons,
                    detailedDiff: Object.fromEntries(
                        Object.entries(detailedDiff).map(([path, { kind }]) => [path, { diffKind: kind, inputDiff: false }]),
                    ),
                },
            },
        })),
        ...diagnostics.map((diagnosticEvent) => ({ diagnosticEvent })),
        { summaryEvent: { maybeCorrupt: false, durationSeconds: 2, resourceChanges: changeSummary } },
        { cancelEvent: {} },
    ];
    return events.map((event, sequence) => JSON.stringify({ sequence, timestamp: 1, ...event }));
}

const markdown = (text: string): string => summary(parsePreview(text), SCENARIO, []).markdown;
const refusal = (text: string): string => {
    try {
        parsePreview(text);
    } catch (error) {
        expect(error).to.be.instanceOf(CommandError);
        return (error as CommandError).message;
    }
    throw new Error("it was accepted");
};

describe("parsePreview", () => {
    it("reads the object that the engine prints, with lines around it", () => {
        const around = `> ml-platform@0.0.0 preview\n> pulumi preview --json\n\n${recorded.trimEnd()}error: preview failed\n{"level":"info"}\n`;
        expect(markdown(recorded)).to.equal(expected);
        expect(markdown(around)).to.equal(expected);
        expect(markdown(recorded.replaceAll("\n", "\r\n"))).to.equal(expected);
    });

    it("reads the events that the engine streams, with the same summary", () => {
        expect(markdown(streamed().join("\n"))).to.equal(expected);
    });

    it("counts an error or a mandatory violation among the events as a failed preview, but not an advisory one", () => {
        const failing = (event: object): string => JSON.stringify({ sequence: 1, timestamp: 1, ...event });
        const violated = (enforcementLevel: string) => ({
            policyEvent: { message: "<{%fg 1%}>No.<{%reset%}>", color: "never", enforcementLevel },
        });
        const error = failing({ diagnosticEvent: { message: "<{%reset%}>broken<{%reset%}>\n", severity: "error" } });
        expect(parsePreview(error).diagnostics.map(({ message, severity }) => [message, severity])).to.deep.equal([["broken\n", "error"]]);
        expect(parsePreview(failing(violated("mandatory"))).diagnostics[0]).to.deep.include({ message: "No.", severity: "error" });
        const advised = parsePreview([failing(violated("advisory")), ...streamed()].join("\n"));
        expect(advised.diagnostics).to.deep.equal(parsePreview(recorded).diagnostics);
    });

    it("refuses input that is empty, incomplete or not a preview", () => {
        expect(refusal(" \n")).to.match(/^The input is empty: there is no preview\./);
        expect(refusal("error: no stack selected")).to.match(/it has no JSON object\.$/);
        for (const text of [
            "{}",
            '{"config": {}}',
            '{"level": "info"}',
            '{"steps": []}',
            streamed().slice(0, -2).join("\n"),
            recorded.slice(0, -20),
        ]) {
            expect(refusal(text), text.slice(0, 60)).to.match(/^The preview is incomplete/);
        }
        expect(refusal(`${recorded}\n${recorded}`)).to.equal("The input has 2 previews: pass one at a time.");
    });
});
