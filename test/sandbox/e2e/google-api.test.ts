import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { sandbox } from "./hooks";

interface Repository {
    readonly name: string;
    readonly format: string;
    readonly registryUri: string;
}

describe("Google's API", () => {
    /** Runs a command in a shell with the variables that `env` prints. */
    const shell = (script: string): string =>
        execFileSync("bash", ["-c", script], { cwd: sandbox().clone.folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

    it("answers the example of docs/sandbox.md", () => {
        const [, example = ""] = /## Google's API\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(sandbox().clone.read("docs/sandbox.md")) ?? [];
        const { repositories } = JSON.parse(shell(example)) as { repositories: readonly Repository[] };
        expect(repositories.map(({ name, format }) => [name.split("/").at(-1), format])).to.deep.include(["ml-images", "DOCKER"]);
    });

    it("and Pulumi share a repository: a preview shows a change by a request as drift", async () => {
        const { clone } = sandbox();
        const patch = (description: string): string =>
            shell(
                `eval "$(npm run --silent sandbox -- env)"; curl --silent --fail --request PATCH --header "Authorization: Bearer $GOOGLE_OAUTH_ACCESS_TOKEN" ` +
                    `--header 'Content-Type: application/json' --data '{"description":"${description}"}' ` +
                    '"${GOOGLE_ARTIFACT_REGISTRY_CUSTOM_ENDPOINT}projects/ml-platform-sandbox/locations/us-central1/repositories/ml-images?updateMask=description"',
            );
        patch("changed by hand");
        const { code, output } = await clone.sandbox("preview", "--refresh", "--diff");
        expect(code, output).to.equal(0);
        expect(output).to.match(/description: +"changed by hand" => "Images of the ML platform"/);
        patch("Images of the ML platform");
        const after = await clone.sandbox("preview", "--refresh", "--expect-no-changes");
        expect(after.code, after.output).to.equal(0);
    });
});
