import Storage

/// Recorded events, one JSON object a line, gzip or not; read as they are asked for.
///
/// A message's record time is the event's own: `known_at` of an outcome that has one, else `time`. Blank lines are skipped;
/// lines that are no event are delivered all the same, for the pipeline to count.
public struct JSONLinesSource: EventSource {
    private let reader: LineReader
    private let source: Int
    private var offset: Int64 = 0
    private var clock: RecordClock
    private let decoder = EventDecoder(limits: .unlimited)

    /// - Parameter startMicroseconds: the record time of messages before the first with a time of its own.
    /// - Throws: `StorageError` when the file cannot be opened.
    public init(path: String, source: Int = 0, startMicroseconds: Int64 = 0) throws {
        reader = try LineReader(path: path)
        self.source = source
        clock = RecordClock(timestampMicroseconds: startMicroseconds)
    }

    public mutating func next(maximum: Int) throws -> [SourceMessage] {
        precondition(maximum > 0)
        var messages: [SourceMessage] = []
        while messages.count < maximum, let line = try reader.next() {
            guard !line.isBlank else { continue }
            messages.append(clock.message(line, decoder: decoder, source: source, offset: offset))
            offset += 1
        }
        return messages
    }
}
