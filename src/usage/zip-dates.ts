/** End of the central directory; before it a comment may stand, which our archives do not have. */
const END = 0x06054b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
/** 1 January 1980, midnight: the first moment a zip archive can name. */
const MIDNIGHT = 0;
const FIRST_DAY = 0x21;

/**
 * Gives every file in a zip archive the same date, in place: what is made twice is then the same twice, and says
 * nothing of when.
 *
 * @throws Error when it is no zip archive without a comment
 */
export function dropZipDates(archive: Buffer): Buffer {
  const end = archive.length - END_BYTES;
  if (end < 0 || archive.readUInt32LE(end) !== END) throw new Error('not a zip archive');
  const entries = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let entry = 0; entry < entries; entry += 1) {
    // The date stands in the directory, and again in front of the file.
    setDate(archive, at + 12);
    setDate(archive, archive.readUInt32LE(at + 42) + 10);
    at +=
      ENTRY_BYTES +
      archive.readUInt16LE(at + 28) +
      archive.readUInt16LE(at + 30) +
      archive.readUInt16LE(at + 32);
  }
  return archive;
}

function setDate(archive: Buffer, at: number): void {
  archive.writeUInt16LE(MIDNIGHT, at);
  archive.writeUInt16LE(FIRST_DAY, at + 2);
}
