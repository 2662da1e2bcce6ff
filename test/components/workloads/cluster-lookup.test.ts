import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { ClusterLookup, importedFrom } from "../../../components/workloads/cluster-lookup";
import { kubeconfig } from "../../../components/workloads/kubeconfig";
import { CertificateAuthority } from "../../../sandbox/cluster/control-plane/certificates";
import { listening } from "../recorded";

describe("ClusterLookup", () => {
    const PATH = process.env.PATH ?? "";
    let bin: string;
    let server: Server;
    let config: string;
    let asked: { url: string | undefined; authorization: string | undefined }[];
    let status: number;

    before(async () => {
        await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
        bin = mkdtempSync(path.join(tmpdir(), "lookup-"));
        writeFileSync(path.join(bin, "gke-gcloud-auth-plugin"), `#!/bin/sh\necho '{"status":{"token":"hunter2"}}'\n`);
        chmodSync(path.join(bin, "gke-gcloud-auth-plugin"), 0o755);
        process.env.PATH = `${bin}:${PATH}`;
        const authority = await CertificateAuthority.at(path.join(bin, "authority"));
        const files = await authority.issue("server", { commonName: "control plane", hosts: ["127.0.0.1"] });
        server = createServer({ cert: readFileSync(files.certificate), key: readFileSync(files.key) }, (request, response) => {
            asked.push({ url: request.url, authorization: request.headers.authorization });
            response.writeHead(status).end(JSON.stringify({ items: [{ metadata: { name: "training-first", namespace: "training" } }] }));
        });
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const endpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`;
        config = kubeconfig({ name: "ml", endpoint, caCertificate: readFileSync(authority.file).toString("base64") });
    });

    beforeEach(() => {
        asked = [];
        status = 200;
    });

    after(() => {
        process.env.PATH = PATH;
        server.close();
        rmSync(bin, { recursive: true });
    });

    it("lists objects by their labels, with the token of the kubeconfig's plugin", async () => {
        const found = await new ClusterLookup(config).list("/apis/batch/v1/jobs", "ml-platform/run=first");
        expect(found.map(({ metadata }) => metadata.name)).to.deep.equal(["training-first"]);
        expect(asked).to.deep.equal([
            { url: "/apis/batch/v1/jobs?labelSelector=ml-platform%2Frun%3Dfirst", authorization: "Bearer hunter2" },
        ]);
    });

    it("warns once if the cluster denies access, and returns nothing", async () => {
        status = 403;
        const lookup = new ClusterLookup(config);
        const messages = await listening(async () => {
            expect(await lookup.list("/api/v1/namespaces")).to.deep.equal([]);
            expect(await lookup.list("/api/v1/namespaces")).to.deep.equal([]);
        });
        expect(messages).to.have.length(1);
        expect(messages[0]).to.include("GET /api/v1/namespaces answers 403");
    });

    it("returns nothing for a cluster that does not exist yet, without a warning", async () => {
        const unknown = pulumi.output(pulumi.unknown) as pulumi.Output<string>;
        const messages = await listening(async () => {
            expect(await new ClusterLookup(unknown).list("/api/v1/namespaces")).to.deep.equal([]);
        });
        expect([messages, asked]).to.deep.equal([[], []]);
    });

    it("imports by the provider's ID", () => {
        const found = [{ metadata: { name: "a", namespace: "b" } }, { metadata: { name: "c" } }];
        expect(importedFrom(found, "b", "a")).to.deep.equal({ import: "b/a" });
        expect(importedFrom(found, undefined, "c")).to.deep.equal({ import: "c" });
        expect(importedFrom(found, "other", "a")).to.deep.equal({});
    });
});
