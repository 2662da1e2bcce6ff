import { expect } from "chai";
import { tokenUrl } from "../../../../scripts/promotion/registry/token-challenge";

describe("a registry's challenge", () => {
    for (const [challenge, url] of [
        [
            'Bearer realm="https://us-docker.pkg.dev/v2/token",service="us-docker.pkg.dev",scope="repository:p/r/i:pull"',
            "https://us-docker.pkg.dev/v2/token?service=us-docker.pkg.dev&scope=repository%3Ap%2Fr%2Fi%3Apull",
        ],
        ['bearer Realm="https://auth.example/token?account=ann"', "https://auth.example/token?account=ann"],
        [
            'Bearer realm="https://auth.example/token", service="a b", scope="repository:i:pull repository:j:pull", error="invalid_token"',
            "https://auth.example/token?service=a+b&scope=repository%3Ai%3Apull+repository%3Aj%3Apull",
        ],
        ['Basic realm="https://registry.example"', undefined],
        ['Bearer service="registry.example"', undefined],
        ['Bearer realm="registry.example"', undefined],
        ["", undefined],
    ] as const) {
        it(`${challenge} leads to ${url ?? "no token"}`, () => {
            expect(tokenUrl(challenge)).to.equal(url);
        });
    }
});
