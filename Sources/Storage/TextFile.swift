/// Whole text files, line by line, in bounded memory. ``LineReader`` does the same at the caller's pace.
public enum TextFile {
    /// Calls `body` with each line and its number from 1. Gzip is recognised by its magic bytes; `\n` or `\r\n` is not
    /// part of the line, nor is a UTF-8 byte order mark. The bytes are valid during the call only.
    ///
    /// - Throws: `StorageError`, and what `body` throws.
    public static func forEachLine(
        path: String, _ body: (_ line: UnsafeRawBufferPointer, _ lineNumber: Int) throws -> Void
    ) throws {
        let reader = try LineReader(path: path)
        while let line = try reader.next() { try body(line, reader.lineNumber) }
    }
}
