import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { bootstrapProject } from "../../../scripts/bootstrap/bootstrap";

/**
 * A Pulumi that lists the stacks of a backend in a folder, finds no bucket, and fails each preview and update.
 * It keeps a stack as a file, with its number of resources.
 */
const PULUMI = `#!/bin/sh
case "$1 $2" in
    "version "*) echo v3.248.0; exit ;;
esac
case "$PULUMI_BACKEND_URL" in
    gs://*) echo 'error: unable to list: blob (code=NotFound): bucket does not exist' >&2; exit 255 ;;
esac
stack="\${PULUMI_BACKEND_URL#file://}/dev"
case "$1 $2" in
    "stack ls") [ -f "$stack" ] && echo "[{\\"name\\":\\"dev\\",\\"resourceCount\\":$(cat "$stack")}]" || echo '[]' ;;
    "stack select") [ -f "$stack" ] || { echo "error: no stack named 'dev' found" >&2; exit 255; } ;;
    "stack init") echo 0 > "$stack" ;;
    *) echo 'error: missing google credentials' >&2; exit 255 ;;
esac
`;

describe("bootstrapProject", () => {
    const environment = { ...process.env };
    let folder: string;
    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "bootstrap-"));
        fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: my-platform\nruntime: nodejs\n");
        fs.writeFileSync(path.join(folder, "pulumi"), PULUMI, { mode: 0o755 });
        process.env = { ...environment, PATH: `${folder}:${environment.PATH ?? ""}`, PULUMI_BACKEND_URL: "" };
    });
    afterEach(() => {
        process.env = environment;
        fs.rmSync(folder, { recursive: true });
    });

    const own = () => path.join(folder, ".bootstrap/my-dev-pulumi-state");
    const refusal = (...args: readonly string[]): Promise<string> =>
        bootstrapProject(["--project", "my-dev", "--repository", "my-organization/ml-platform", ...args], folder, () => undefined).then(
            () => "",
            (error: unknown) => (error as Error).message,
        );

    for (const args of [["--dry-run"], []]) {
        it(`leaves no state behind if it fails before it creates a resource: ${args.join(" ") || "no option"}`, async () => {
            expect(await refusal(...args)).to.equal("missing google credentials");
            expect(fs.existsSync(own())).to.equal(false);
        });

        it(`keeps the state of an earlier run that was interrupted: ${args.join(" ") || "no option"}`, async () => {
            fs.mkdirSync(own(), { recursive: true });
            fs.writeFileSync(path.join(own(), "dev"), "12");
            expect(await refusal(...args)).to.equal("missing google credentials");
            expect(fs.readFileSync(path.join(own(), "dev"), "utf8")).to.equal("12");
        });
    }
});
