import * as os from "node:os";
import type { Builder, Built } from "../images/engine/builder";
import { blobs, layerSizes } from "../images/engine/registry-client";
import { type Measured, SCENARIOS, type Scenario } from "./images-scenarios";
import { type Service, quantile } from "./images-service";
import { median, spread } from "./statistics";

/** All that one repeat measured of one arm. */
export interface Round {
    readonly measured: ReadonlyMap<Scenario, Measured>;
    readonly sizes: { readonly compressed: number; readonly unpacked: number };
    readonly service: Service;
}

/** Bytes of an image's layers that its base does not have. */
export async function sizesBeyondBase(builder: Builder, image: Built): Promise<Round["sizes"]> {
    const base = (await blobs(await builder.basePresent())).length - 2;
    const own = (await layerSizes(image)).slice(base);
    return {
        compressed: own.reduce((sum, { compressed }) => sum + compressed, 0),
        unpacked: own.reduce((sum, { unpacked }) => sum + unpacked, 0),
    };
}

/** The results as Markdown: ratios first, each figure with its range. */
export function resultTables(rounds: Readonly<Record<"ours" | "plain", readonly Round[]>>): readonly string[] {
    const { ours, plain } = rounds;
    const seconds = (of: readonly Round[], scenario: Scenario): number[] =>
        of.map(({ measured }) => measured.get(scenario)?.seconds ?? NaN);
    const pushed = (of: readonly Round[], scenario: Scenario): number =>
        median(of.map(({ measured }) => measured.get(scenario)?.pushed ?? NaN));
    const latency = (of: readonly Round[], which: "first" | "then", share: number): string =>
        spread(
            of.map(({ service }) => quantile(service[which], share)),
            " ms",
            1,
        );
    const figure = (what: string, pick: (round: Round) => number, unit: string, scale = 1, decimals = 2): string =>
        `| ${what} | ${(median(plain.map(pick)) / median(ours.map(pick))).toFixed(1)} | ${spread(
            ours.map((round) => pick(round) / scale),
            unit,
            decimals,
        )} | ${spread(
            plain.map((round) => pick(round) / scale),
            unit,
            decimals,
        )} |`;
    return [
        "# Images: benchmark",
        "",
        `\`npm run bench:images\`: ${ours.length} repeats in alternating order on one builder with a local registry, ${os.cpus().length} processors. Median (least–most).`,
        "`plain` is `test/bench/plain`: a single stage, pip, one list of requirements, source copied before the packages are installed.",
        "The ratio is plain to ours, so above 1 ours is faster or smaller. Every build includes its push; bytes pushed are layers, configuration and manifest.",
        "",
        "| build | ratio | ours | plain |",
        "| --- | --- | --- | --- |",
        ...SCENARIOS.map(
            (scenario) =>
                `| ${scenario} | ${(median(seconds(plain, scenario)) / median(seconds(ours, scenario))).toFixed(1)} | ${spread(seconds(ours, scenario), " s")} | ${spread(seconds(plain, scenario), " s")} |`,
        ),
        "",
        "| bytes pushed | ours | plain |",
        "| --- | --- | --- |",
        ...SCENARIOS.map((scenario) => `| ${scenario} | ${kb(pushed(ours, scenario))} | ${kb(pushed(plain, scenario))} |`),
        "",
        "| image | ratio | ours | plain |",
        "| --- | --- | --- | --- |",
        figure("compressed, beyond the base", ({ sizes }) => sizes.compressed, " MB", 1e6, 1),
        figure("unpacked, beyond the base", ({ sizes }) => sizes.unpacked, " MB", 1e6, 1),
        figure("`docker run` to `/health`", ({ service }) => service.toHealth, " s"),
        figure("`docker run` to `/ready`", ({ service }) => service.toReady, " s"),
        "",
        "| our service on one core, 200 requests a second | |",
        "| --- | --- |",
        `| p50, p99 of 10 s | ${latency(ours, "then", 0.5)}, ${latency(ours, "then", 0.99)} |`,
        `| p99 of the first second after \`/ready\` | ${latency(ours, "first", 0.99)} |`,
        `| resident memory | ${spread(
            ours.map(({ service }) => service.memory / 1e6),
            " MB",
            1,
        )} |`,
    ];
}

function kb(bytes: number): string {
    return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
