/** Names of variables and build arguments that hold secrets. */
const SECRET_NAME =
    /(^|_)(secret|token|password|passwd|passphrase|pwd|credentials?|api_?key|access_?key(_id)?|secret_?key|private_?key|signing_?key|encryption_?key|auth_?key)(_|$)/i;

/** Names of tokens of a language model's vocabulary, and of limits on them. */
const VOCABULARY = /^(.*_)?(bos|eos|pad|unk|sep|cls|mask|stop|start|end|special|image|max)_token(_|$)|(^|_)token_(limit|count|id|type)s?$/i;

/** A password in an address, a private key, and tokens of Hugging Face, GitHub, OpenAI, Slack, Amazon and Google, which have fixed prefixes. */
const SECRET_VALUE =
    /:\/\/[^/\s:@]*:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY|^(hf_|gh[pousr]_|github_pat_|sk-|xox[abprs]-|AKIA|AIza|ya29\.)[A-Za-z0-9_-]{12,}/;

/** Whether the value of a variable or build argument looks like a secret. The path of a mounted secret and an empty value do not. The stack's checks and the policy pack agree on it. */
export function looksSecret(name: string, value: string): boolean {
    return SECRET_VALUE.test(value) || (SECRET_NAME.test(name) && !VOCABULARY.test(name) && value !== "" && !/^[/.]/.test(value));
}
