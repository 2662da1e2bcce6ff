import { expect } from "chai";
import { parse } from "yaml";
import { buildDefinition } from "../../../components/images/trigger/build-definition";
import type { Platforms } from "../../../components/images/image-settings";
import { imageRecipes } from "../../../components/images/image-recipe";
import { buildYaml } from "../../../scripts/build/cloud-build";
import { imagesWith } from "../../components/settings";
import published from "./cloud-build-fields.json";

type Fields = Readonly<Record<string, string>>;

/** Differences of an object from the published fields: unknown names, and values of another type. */
function faults(resource: Fields, value: Readonly<Record<string, unknown>>): string[] {
    return Object.entries(value).flatMap(([name, given]) => {
        const type = resource[name];
        if (type === undefined) {
            return [`${name} is no field`];
        }
        const element = type.replace(/\[\]$/, "");
        if (element !== type && !Array.isArray(given)) {
            return [`${name} is no list`];
        }
        const values: readonly unknown[] = Array.isArray(given) ? given : [given];
        return values.flatMap((one) => {
            if (["string", "boolean", "object"].includes(element)) {
                return typeof one === element ? [] : [`${name} is no ${element}`];
            }
            if (element === "integer") {
                return Number.isInteger(one) ? [] : [`${name} is no integer`];
            }
            return element.split("|").includes(String(one)) ? [] : [`${name} cannot be ${String(one)}`];
        });
    });
}

describe("buildYaml", () => {
    const definition = (platforms: Platforms) =>
        buildDefinition({
            recipes: imageRecipes(imagesWith({ variant: "gpu", platforms }), "dev"),
            registryUri: "us-docker.pkg.dev/team-ml/ml-images",
            cacheUri: "us-docker.pkg.dev/team-ml/ml-images-cache",
            channel: "latest",
            machineType: "E2_HIGHCPU_8",
            timeoutSeconds: 1800,
        });
    const { Build, BuildStep, BuildOptions } = published.resources;

    for (const platforms of [["linux/amd64"], ["linux/amd64", "linux/arm64"]] as const) {
        it(`holds only published fields of Cloud Build, for ${platforms.join(" and ")}`, () => {
            const build = parse(
                buildYaml(definition([...platforms]), "projects/team-ml/serviceAccounts/a@team-ml.iam.gserviceaccount.com"),
            ) as {
                steps: Record<string, unknown>[];
                options: Record<string, unknown>;
            };
            expect(faults(Build, build)).to.deep.equal([]);
            expect(build.steps.flatMap((step) => faults(BuildStep, step))).to.deep.equal([]);
            expect(faults(BuildOptions, build.options)).to.deep.equal([]);
        });
    }

    it("would detect a field, a type or a value that Cloud Build does not have", () => {
        expect(faults(Build, { machineType: "x", timeout: 1800, images: "a" })).to.deep.equal([
            "machineType is no field",
            "timeout is no string",
            "images is no list",
        ]);
        expect(faults(BuildOptions, { logging: "CLOUD" })).to.deep.equal(["logging cannot be CLOUD"]);
    });

    it("is the definition itself, with the service account, if any", () => {
        expect(parse(buildYaml(definition(["linux/amd64"]), undefined))).to.deep.equal(definition(["linux/amd64"]));
        expect(parse(buildYaml(definition(["linux/amd64"]), "a"))).to.deep.equal({ ...definition(["linux/amd64"]), serviceAccount: "a" });
    });
});
