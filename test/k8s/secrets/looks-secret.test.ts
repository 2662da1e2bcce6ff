import { expect } from "chai";
import { looksSecret } from "../../../k8s/secrets/looks-secret";

describe("looksSecret", () => {
    const secrets: readonly (readonly [string, string])[] = [
        ["HF_TOKEN", "abc"],
        ["HF_TOKEN_IDENTITY", "abc"],
        ["WANDB_API_KEY", "0123"],
        ["AWS_SECRET_ACCESS_KEY", "x"],
        ["DB_PASSWORD", "x"],
        ["DATABASE_URL", "postgres://user:pass@db/ml"],
        ["REDIS_URL", "redis://:pass@cache:6379"],
        ["MODEL", "hf_abcdefghijklmnopqrstuvwx"],
        ["AWS_ACCESS_KEY_ID", "x"],
        ["DB_PASSWORD_OLD", "x"],
        ["SLACK", "xoxb-0123456789ab"],
        ["PEM", "-----BEGIN RSA PRIVATE KEY-----"],
    ];
    const plain: readonly (readonly [string, string])[] = [
        ["TOKENIZERS_PARALLELISM", "false"],
        ["EOS_TOKEN", "</s>"],
        ["PAD_TOKEN_ID", "0"],
        ["TOKEN_LIMITS", "512"],
        ["MAX_TOKENS", "512"],
        ["SORT_KEY", "name"],
        ["GOOGLE_APPLICATION_CREDENTIALS", "/var/run/key.json"],
        ["MLFLOW_TRACKING_URI", "http://mlflow.tracking:5000"],
        ["API_KEY", ""],
    ];

    it("recognizes a secret by its name or its value", () => {
        expect(secrets.filter((secret) => !looksSecret(...secret))).to.deep.equal([]);
        expect(plain.filter((variable) => looksSecret(...variable))).to.deep.equal([]);
    });
});
