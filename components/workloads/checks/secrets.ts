const SECRET_NAME =
    /(^|_)(secret|token|password|passwd|passphrase|pwd|credentials?|api_?key|access_?key(_id)?|secret_?key|private_?key|signing_?key|encryption_?key|auth_?key)(_|$)/i;

/** Names of a language model's vocabulary, and limits of it. */
const VOCABULARY = /^(.*_)?(bos|eos|pad|unk|sep|cls|mask|stop|start|end|special|image|max)_token(_|$)|(^|_)token_(limit|count|id|type)s?$/i;

/** A password in an address, a private key, and the tokens of Hugging Face, GitHub, OpenAI, Slack, Amazon and Google, which begin with fixed letters. */
const SECRET_VALUE =
    /:\/\/[^/\s:@]*:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY|^(hf_|gh[pousr]_|github_pat_|sk-|xox[abprs]-|AKIA|AIza|ya29\.)[A-Za-z0-9_-]{12,}/;

/** Whether a variable looks like a secret, by its name or its value. The path of a file is none. */
export const looksSecret = (name: string, value: string): boolean =>
    SECRET_VALUE.test(value) || (SECRET_NAME.test(name) && !VOCABULARY.test(name) && value !== "" && !/^[/.]/.test(value));
