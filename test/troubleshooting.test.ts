import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { explainedIn, isPrinted } from "./docs/messages";

const ROOT = path.join(__dirname, "..");
/** Sections with messages of this project; the others have those of Google Cloud, Kubernetes, Pulumi and Docker. */
const OURS = ["Previews and updates", "Containers", "Builds and promotion", "The sandbox"];

const sources = ["components", "docker", "k8s", "policy", "sandbox", "scripts"].flatMap((folder) =>
    fs
        .readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.(ts|cjs|py|sh)$/.test(file) && !/(^|\/)(node_modules|test)\//.test(file))
        .map((file) => fs.readFileSync(path.join(ROOT, folder, file), "utf8")),
);
const explained = explainedIn(fs.readFileSync(path.join(ROOT, "docs", "operations", "troubleshooting.md"), "utf8"));

describe("docs/operations/troubleshooting.md", () => {
    it("has messages in each section of this project, and in others", () => {
        const sections = new Set(explained.map(({ section }) => section));
        expect([...sections]).to.include.members(OURS);
        expect(sections.size).to.be.above(OURS.length);
    });

    for (const { section, message, text } of explained) {
        it(`has a remedy for: ${message}`, () => {
            expect(text).to.match(/^\*\*Fix:\*\* \S/m);
            expect(text, "a cause").not.to.match(/^\*\*Fix:/);
            if (OURS.includes(section)) {
                expect(isPrinted(message, sources), "the message is in the source").to.equal(true);
            } else {
                expect(text, "a source").to.match(/\]\((https:\/\/|[a-z-]+\.md|\.\.\/)/);
            }
        });
    }

    it("explains each message once", () => {
        const messages = explained.map(({ message }) => message);
        expect(messages).to.deep.equal([...new Set(messages)]);
    });
});

describe("explainedIn", () => {
    it("returns each message with its section and its text", () => {
        const page = "# T\n\n### `early`\n\n## Builds\n\n### `a …`, or `b`\n\nCause.\n\n**Fix:** it.\n\n## Sandbox\n\n### `c`\n\nWhy.\n";
        expect(explainedIn(page)).to.deep.equal([
            { section: "", message: "early", text: "" },
            { section: "Builds", message: "a …", text: "Cause.\n\n**Fix:** it." },
            { section: "Builds", message: "b", text: "Cause.\n\n**Fix:** it." },
            { section: "Sandbox", message: "c", text: "Why." },
        ]);
    });
});

describe("isPrinted", () => {
    const source = "throw new Error(`Stack ${stack} has no (good) release: ${why}.`);\nthrow new Error(`${a} is late`);";

    it("finds the literal parts of a message on one line of the source", () => {
        expect(isPrinted("Stack … has no (good) release: ….", ["", source])).to.equal(true);
        expect(isPrinted("… is late", [source])).to.equal(true);
    });

    it("does not find a message that changed, or with parts on different lines or in another order", () => {
        expect(isPrinted("Stack … has no release: ….", [source])).to.equal(false);
        expect(isPrinted("has no (good) release … is late", [source])).to.equal(false);
        expect(isPrinted("release … Stack", [source])).to.equal(false);
        expect(isPrinted("Stack …", [])).to.equal(false);
    });
});
