import Storage

/// Recorded events, one JSON object a line, gzip or not; read as they are asked for.
///
/// A message's record time is its own: `known_at` of an outcome that has one and came after its `time`, else `time`,
/// else the record time of the message before. Blank lines are skipped; lines that are no event are delivered all the
/// same, for the pipeline to count.
public struct JSONLinesSource: EventSource {
    private let reader: LineReader
    private let decoder = EventDecoder(limits: .unlimited)
    private let source: Int
    private var offset: Int64 = 0
    private var timestampMicroseconds: Int64

    /// - Parameter startMicroseconds: the record time of messages before the first with a time of its own.
    /// - Throws: `StorageError` when the file cannot be opened.
    public init(path: String, source: Int = 0, startMicroseconds: Int64 = 0) throws {
        reader = try LineReader(path: path)
        self.source = source
        timestampMicroseconds = startMicroseconds
    }

    public mutating func next(maximum: Int) throws -> [SourceMessage] {
        precondition(maximum > 0)
        var messages: [SourceMessage] = []
        while messages.count < maximum, let line = try reader.next() {
            guard line.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { continue }
            messages.append(message(line))
        }
        return messages
    }

    private mutating func message(_ line: UnsafeRawBufferPointer) -> SourceMessage {
        var key: [UInt8] = []
        if case .event(let event) = decoder.decode(line, recordTimeMicroseconds: timestampMicroseconds) {
            key = Array(event.id)
            let known = event.kind == .outcome ? event.knownAtMicroseconds : nil
            timestampMicroseconds = max(event.timeMicroseconds, known ?? event.timeMicroseconds)
        }
        defer { offset += 1 }
        return SourceMessage(
            source: source, partition: 0, offset: offset, timestampMicroseconds: timestampMicroseconds, key: key,
            value: Array(line))
    }
}
