const POLYNOMIAL = 0x82f63b78;

const TABLE = Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) {
        rest = rest & 1 ? (rest >>> 1) ^ POLYNOMIAL : rest >>> 1;
    }
    return rest >>> 0;
});

/** Returns the CRC32C checksum as Google's APIs write it: a decimal number. https://www.rfc-editor.org/rfc/rfc4960#appendix-B */
export function crc32c(data: Buffer): string {
    let rest = 0xffffffff;
    for (const byte of data) {
        rest = (rest >>> 8) ^ (TABLE[(rest ^ byte) & 0xff] ?? 0);
    }
    return String((rest ^ 0xffffffff) >>> 0);
}
